"""The built-in model picks native phrases and states only what is proven."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from studio.copywriting.likeness import NEAR_DUPLICATE, likeness
from studio.copywriting.model import CopyRequest, TextModel
from studio.copywriting.phrasebook_model import PhrasebookModel
from studio.copywriting.writer import write_copy
from studio.domain.brief import Brand, Voice
from studio.domain.claim import Claim
from studio.domain.creative import Copy
from studio.domain.placement import TextLimit
from studio.errors import InputError
from studio.markets.library import MarketLibrary
from studio.markets.pack import Phrase
from tests.contracts.text_model import TextModelContract, a_request
from tests.markets.demo import CLAIMS, LOCALES, NARROW, REPORT, a_placement, demo_brief

MODEL = PhrasebookModel()


class TestPhrasebook(TextModelContract):
    @pytest.fixture
    def model(self) -> TextModel:
        return MODEL

    def test_equal_requests_give_equal_copy(self, model: TextModel) -> None:
        assert model.write(a_request()) == model.write(a_request())


def variants(request: CopyRequest, count: int) -> tuple[Copy, ...]:
    """Several variants, each unlike those before."""
    taken: tuple[Copy, ...] = ()
    for seed in range(count):
        taken += (write_copy(MODEL, replace(request, seed=seed, taken=taken)),)
    return taken


@pytest.mark.parametrize("locale", LOCALES)
def test_four_variants_of_one_angle_differ_from_one_another(locale: str) -> None:
    copies = variants(a_request(locale, angle="family"), 4)
    assert max(likeness(*pair) for pair in combinations(copies, 2)) < NEAR_DUPLICATE


def test_other_seeds_give_other_copy() -> None:
    headlines = {MODEL.write(a_request(seed=seed)).headline for seed in range(20)}
    assert len(headlines) >= 4


def test_phrases_about_the_product_are_likelier_than_general_ones() -> None:
    """Of three general headlines of weight 1 and one specific of weight 3, it is drawn half."""
    pack = MarketLibrary().pack("de-DE")
    headlines = tuple(
        Phrase(id=f"h{number}", text=f"{'Satz ' * number}{number * 'x'}", gloss="sentence")
        for number in range(1, 4)
    )
    specific = Phrase(id="own", text="Reis", gloss="rice", categories=("rice_cooker",))
    value = replace(pack.phrases["value"], headlines=(*headlines, specific))
    request = a_request("de-DE", pack=replace(pack, phrases={"value": value}))
    count = Counter(
        MODEL.write(replace(request, seed=seed)).sources[0].endswith("/own")
        for seed in range(400)
    )
    assert 0.42 < count[True] / 400 < 0.58


def test_a_claim_without_evidence_is_never_said() -> None:
    brief = demo_brief(claims=(replace(CLAIMS[0], evidence=None),))
    for seed in range(20):
        copy = MODEL.write(a_request(brief=brief, angle="time_saved", seed=seed))
        assert "24" not in copy.headline + copy.body
        assert "left_out:warm" in copy.sources
        assert "claim warm (no evidence in force on launch day)" in copy.rationale


def test_a_claim_in_foreign_words_is_left_out_and_named() -> None:
    claim = Claim(id="own", text="Fits every shelf", evidence=REPORT)
    copy = MODEL.write(a_request("ja-JP", brief=demo_brief(claims=(claim,))))
    assert "Fits" not in copy.body
    assert "left_out:own" in copy.sources
    assert "written in en" in copy.rationale


def test_a_claim_in_the_markets_own_language_is_said() -> None:
    claim = Claim(id="own", text="Fits every shelf", evidence=REPORT)
    copy = MODEL.write(a_request("en-US", brief=demo_brief(claims=(claim,))))
    assert copy.body.endswith("Fits every shelf.")
    assert "claim:own" in copy.sources


def test_values_are_woven_in_exactly() -> None:
    brief = demo_brief(claims=(replace(CLAIMS[1], value=0.54),))
    copy = MODEL.write(a_request("de-DE", brief=brief, angle="craft"))
    assert "0,54 Liter" in copy.body


@pytest.mark.parametrize("locale", LOCALES)
def test_the_tightest_placement_counts(locale: str) -> None:
    request = a_request(locale, angle="craft")
    narrow = replace(request, placements=(*request.placements, NARROW))
    for seed in range(10):
        copy = write_copy(MODEL, replace(narrow, seed=seed))
        assert NARROW.headline.counter.length(copy.headline) <= 30
        assert NARROW.body.counter.length(copy.body) <= 90


def test_what_no_platform_cuts_off_comes_first() -> None:
    """Five German value headlines, of which the one of 33 characters would be cut off."""
    shown_to_30 = a_placement(headline=TextLimit(recommended=30, maximum=255))
    request = a_request("de-DE", placements=(shown_to_30,), brief=demo_brief(claims=()))
    lengths = [len(MODEL.write(replace(request, seed=seed)).headline) for seed in range(30)]
    assert max(lengths) <= 30
    everything = a_request("de-DE", brief=demo_brief(claims=()))
    assert 33 in {len(MODEL.write(replace(everything, seed=s)).headline) for s in range(30)}


def test_a_headline_that_alludes_to_a_fact_gets_it_in_the_body() -> None:
    copies = [MODEL.write(a_request(angle="time_saved", seed=seed)) for seed in range(40)]
    alluding = [copy for copy in copies if copy.headline.startswith("Running late?")]
    assert alluding
    assert all("24 hours" in copy.body for copy in alluding)


def test_words_the_brand_avoids_dont_appear() -> None:
    brand = Brand(name="SmartChef", words_to_avoid=("Every", "care"))
    for seed in range(20):
        copy = MODEL.write(a_request(brief=demo_brief(brand=brand), angle="craft", seed=seed))
        assert "every" not in (copy.headline + copy.body).lower()


def test_phrases_keep_to_their_voice() -> None:
    brand = Brand(name="SmartChef", voice=Voice.ELEGANT)
    bodies = {
        MODEL.write(a_request(brief=demo_brief(brand=brand), angle="time_saved", seed=s)).body
        for s in range(40)
    }
    assert not any("Less doing" in body for body in bodies)


@pytest.mark.parametrize(("month", "in_season"), [(10, True), (4, False)])
def test_seasonal_phrases_keep_to_their_months(month: int, *, in_season: bool) -> None:
    brief = demo_brief(launch=date(2027, month, 3))
    headlines = {
        MODEL.write(a_request("ja-JP", brief=brief, angle="season", seed=seed)).headline
        for seed in range(40)
    }
    assert ("新米の季節が、楽しみになる。" in headlines) is in_season


@pytest.mark.parametrize("category", ["earbuds", "robot_vacuum", "toaster"])
@pytest.mark.parametrize("locale", LOCALES)
def test_other_products_get_copy_that_never_mentions_rice(locale: str, category: str) -> None:
    product = replace(demo_brief().product, name="Nimbus 2", category=category)
    request = a_request(locale, brief=demo_brief(product=product, claims=(CLAIMS[5],)))
    for appeal in request.pack.appeals:
        copy = write_copy(MODEL, replace(request, angle=appeal.angle))
        words = f"{copy.headline} {copy.body}".lower()
        assert not re.search(r"\b(?:rice|reis)\b|ごはん|米|أرز", words)


def test_a_price_line_and_notes_come_along() -> None:
    brief = demo_brief(claims=(CLAIMS[3],))
    copies = [MODEL.write(a_request("ja-JP", brief=brief, seed=s)) for s in range(5)]
    assert all(copy.offer_line == "19,800円（税込）" for copy in copies)
    said = [copy for copy in copies if "claim:quick" in copy.sources]
    assert said
    assert all("※早炊き時間" in copy.legal_line for copy in said)


def test_saudi_ads_name_the_advertiser() -> None:
    copy = MODEL.write(a_request("ar-SA", brief=demo_brief(claims=())))
    assert copy.legal_line == "إعلان · SmartChef · smartchef.example/sa"


def test_leaving_the_price_out_keeps_the_contact() -> None:
    copy = MODEL.write(a_request("ar-SA", brief=demo_brief(claims=()), shows_offer=False))
    assert copy.offer_line == ""
    assert "smartchef.example/sa" in copy.legal_line


def test_no_button_promises_an_offer_where_nothing_is_reduced() -> None:
    actions = {
        shown: {MODEL.write(a_request(seed=s, shows_offer=shown)).cta_action for s in range(30)}
        for shown in (True, False)
    }
    assert "GET_OFFER" in actions[True]
    assert "GET_OFFER" not in actions[False]


def test_an_exhausted_angle_says_so() -> None:
    request = a_request("de-DE", angle="global_modern")
    with pytest.raises(InputError, match=r"nothing more for the angle global_modern"):
        variants(request, 40)

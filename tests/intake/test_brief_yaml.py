"""A brief's errors name file, line, field and remedy; a good one loses nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from studio.domain.brief import Brief, Budget, Channel, Objective, Voice
from studio.domain.money import Money
from studio.errors import BriefError, InputError
from studio.intake.brief_form import fields_from_yaml, with_fields
from studio.intake.brief_yaml import BriefReader, Known
from studio.intake.yaml_text import MAX_BYTES

DEMO = Path(__file__).parents[2] / "campaigns" / "smartchef-launch" / "brief.yaml"
TEMPLATE = Path(__file__).parents[2] / "studio" / "intake" / "brief_template.yaml"
TEXT = DEMO.read_text("utf-8")
BENEFITS = (
    "keep_warm_hours",
    "capacity_litres",
    "presets_count",
    "quick_cook_minutes",
    "ai_sensor",
    "warranty_years",
)
READER = BriefReader(
    known=Known(
        locales=("en-US", "de-DE", "ja-JP", "ar-SA"),
        placements=("meta_feed_1x1", "meta_feed_4x5", "meta_story_9x16"),
        benefits={"rice_cooker": BENEFITS},
        currencies={"en-US": "USD", "de-DE": "EUR", "ja-JP": "JPY", "ar-SA": "SAR"},
    ),
    assets=Path("assets"),
    check_photo=lambda path: None,
    check_logo=lambda path: None,
)


def read(text: str) -> Brief:
    return READER.read(text, slug="smartchef-launch", folder=Path("campaigns/x"))


def test_the_demo_brief_reads_onto_the_domain() -> None:
    brief = read(TEXT)
    assert brief.offers[1].lowest_30d == Money.of("149.00", "EUR")
    assert brief.offers[2].price == Money.of(19_800, "JPY")
    assert brief.brand.voice is Voice.WARM
    assert brief.claims[0].evidence is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "days: 14",
            "days: many",
            "brief.yaml:87: budget.days: input should be a valid integer",
        ),
        ("days: 14", "dayz: 14", "brief.yaml:87: budget.dayz: is no field of a brief"),
        ("title: SmartChef launch\n", "", "title: is missing; add it"),
        (
            "price: 129.99 USD",
            "price: 129.99",
            "brief.yaml:64: offers[0].price: write an amount",
        ),
        ("price: 129.99 USD", "price: 129.99 EUR", "prices must be in one currency"),
        ("price: 19800 JPY", "price: 198.50 JPY", "more decimals than the currency"),
        ("price: 19800 JPY", "price: 19800 CNY", "prices in ja-JP are in JPY, not CNY"),
        ("de-DE, ja-JP", "de-XX, ja-JP", "brief.yaml:81: markets[1]: 'de-XX' is unknown"),
        ("de-DE, ja-JP", "en-US, ja-JP", "markets[1]: 'en-US' is there twice"),
        (
            "category: rice_cooker",
            "category: toaster",
            "product.category: 'toaster' is unknown",
        ),
        (
            "benefit: ai_sensor",
            "benefit: antigravity",
            "'antigravity' is no benefit of a rice_c",
        ),
        ("benefit: ai_sensor", "id2: x", "claims[4].id2: is no field"),
        ("voice: warm", "voice: loud", "brand.voice: write one of: 'warm', 'expert'"),
        ("launch: 2026-12-01", "launch: soon", "launch: input should be a valid date"),
        ("width_cm: 26.7 ", "width_cm: -26 ", "product.width_cm: must be 0.5 to 300 cm"),
        ("floor_share: 0.05", "floor_share: 5", "budget.floor_share: must be 0 to 0.5"),
        ("variants_per_market: 6", "variants_per_market: 600", "must be 1 to 24"),
        ("'#1F3A34'", "'green'", "brand.colours[0]: 'green' is no colour"),
        ("https://smartchef.example/us", "javascript:alert(1)", "must be a web address"),
        ("name: SmartChef\n  category", "name: ''\n  category", "product.name: write 1 to 60"),
        ("light_from: left", "light_from: above", "photos[0].light_from: write left or right"),
        ("language: en ", "language: fr ", "brief.yaml:3: language: write en or zh"),
        (
            "price: 129.99 USD\n",
            "price: 129.99 USD\n    lowest_7d: 12\n",
            "brief.yaml:65: offers[0].lowest_7d: write an amount and a currency",
        ),
        (
            "price: 129.99 USD\n",
            "price: 129.99 USD\n    lowest_20d: 99.00 EUR\n",
            "offers[0]: offer en-US: all prices must be in one currency",
        ),
        (
            "price: 129.99 USD\n",
            "price: 129.99 USD\n    instalments: {count: 1, each: 9.99 USD}\n",
            "brief.yaml:65: offers[0].instalments.count: must be 2 to 60",
        ),
        (
            "price: 129.99 USD\n",
            "price: 129.99 USD\n    instalments: {count: 12, each: 9.99}\n",
            "offers[0].instalments.each: write an amount and a currency",
        ),
        (
            "price: 129.99 USD\n",
            "price: 129.99 USD\n    instalments: {count: 12, each: 9.99 EUR}\n",
            "all prices must be in one currency",
        ),
        ("ends: 2026-12-24", "starts: 2026-12-25\n    ends: 2026-12-24", "before the start"),
        (
            "price: 129.99 USD\n",
            "price: 129.99 USD\n    stock: 0\n",
            "offers[0].stock: must be at least 1",
        ),
        (
            "price: 129.99 USD\n",
            "price: 129.99 USD\n    weeks_sold_share: 60\n",
            "offers[0].weeks_sold_share: must be 0 to 1",
        ),
        (
            "launch: 2026-12-01\n",
            "launch: 2026-12-01\nchannel: radio\n",
            "brief.yaml:5: channel: write one of: 'own', 'paid', 'influencer' or 'livestream'",
        ),
        (
            "launch: 2026-12-01\n",
            "launch: 2026-12-01\napprovals: {Permit 1: x}\n",
            "approvals.Permit 1: name a permit in lower-case letters",
        ),
        (
            "launch: 2026-12-01\n",
            "launch: 2026-12-01\napprovals: {sa_discount: ''}\n",
            "approvals.sa_discount: write the permit's number",
        ),
        ("width_cm: 26.7 ", "energy_class: H\n  width_cm: 26.7 ", "energy_class: write the cl"),
        ("width_cm: 26.7 ", "tx_mw: -3\n  width_cm: 26.7 ", "tx_mw: must be 0 to 10000 mW"),
        (
            "benefit: ai_sensor\n",
            "benefit: ai_sensor\n    language: German\n",
            "claims[4].language: 'German' is no language; write a code like de",
        ),
        (
            "days: 14",
            "days: 14\n  target: 1.50 USD",
            "brief.yaml:88: budget.target: the objective clicks has no target",
        ),
        (
            "days: 14",
            "days: 14\n  objective: cost_per_acquisition",
            "budget.target: is missing: the objective cost_per_acquisition needs the most",
        ),
        (
            "days: 14",
            "days: 14\n  objective: cost_per_click\n  target: 1.50 EUR",
            "budget.target: must be in USD, like budget.daily",
        ),
        (
            "days: 14",
            "days: 14\n  objective: cost_per_click\n  target: 0.00 USD",
            "budget.target: must be more than 0",
        ),
        ("days: 14", "days: 14\n  target: 1.50", "budget.target: write an amount and a curr"),
        ("days: 14", "days: 14\n  objective: fame", "budget.objective: write one of: 'clicks'"),
        ("days: 14", "days: 14\n  mode: never", "budget.mode: write one of: 'propose', 'appro"),
        (
            "days: 14",
            "days: 14\n  total: 1199.99 USD",
            "budget.total: 1199.99 USD is less than a day's budget.daily, 1200.00 USD",
        ),
        ("days: 14", "days: 14\n  holdout_share: 0.6", "holdout_share: must be 0 to 0.5"),
        (
            "days: 14",
            "days: 14\n  max_cell_change_share: 0",
            "budget.max_cell_change_share: must be 0.01 to 1",
        ),
        (
            "days: 14",
            "days: 14\n  market_floors: {fr-FR: 0.2}",
            "brief.yaml:88: budget.market_floors.fr-FR: isn't among the brief's markets",
        ),
        (
            "days: 14",
            "days: 14\n  market_floors: {de-DE: 0.6}\n  market_caps: {de-DE: 0.5}",
            "budget.market_floors.de-DE: 0.6 is more than its cap in budget.market_caps, 0.5",
        ),
        (
            "days: 14",
            "days: 14\n  market_floors: {de-DE: 0.6, en-US: 0.5}",
            "budget.market_floors: add up to 1.10, more than the whole",
        ),
        (
            "days: 14",
            "days: 14\n  market_caps: {de-DE: 0.2, en-US: 0.2, ja-JP: 0.2, ar-SA: 0.3}",
            "budget.market_caps: add up to 0.90, so budget.daily can't be spent",
        ),
        ("days: 14", "days: 14\n  market_caps: {de-DE: 20}", "market_caps.de-DE: must be 0 to"),
        (
            "days: 14",
            "days: 14\n  market_caps: [0.2]",
            "market_caps: must name shares",
        ),
        (
            "days: 14",
            "days: 14\n  variant_floors: {v7: 0.2}",
            "budget.variant_floors.v7: is no variant of this brief; write v1 to v6",
        ),
        (
            "days: 14",
            "days: 14\n  variant_caps: {v1: 0.1, v2: 0.1, v3: 0.1, v4: 0.1, v5: 0.1, v6: 0.1}",
            "budget.variant_caps: add up to 0.60, so a cell's money can't be spent",
        ),
        (
            "days: 14",
            "days: 14\n  variant_floors: {v1: 0.9, v2: 0.2}",
            "budget.variant_floors: add up to 1.10, more than the whole",
        ),
        (
            "language: en ",
            "language: [en] ",
            "brief.yaml:3: language: input should be a valid s",
        ),
    ],
)
def test_each_mistake_is_named_with_line_field_and_remedy(
    old: str, new: str, message: str
) -> None:
    assert old in TEXT
    with pytest.raises(BriefError) as caught:
        read(TEXT.replace(old, new, 1))
    assert message in str(caught.value)


def test_offer_facts_channel_and_permits_read_onto_the_domain() -> None:
    facts = """price: 19800 JPY
    was: 24800 JPY
    was_proof: Price list 2026-09
    lowest_7d: 24800 JPY
    lowest_10d: 24800 JPY
    lowest_20d: 24700 JPY
    weeks_sold_share: 0.6
    starts: 2026-12-01
    ends: 2026-12-24
    stock: 500
    instalments: {count: 12, each: 1650 JPY, interest_free: false, terms: 実質年率 12.0%}
"""
    text = TEXT.replace("price: 19800 JPY\n", facts, 1).replace(
        "launch: 2026-12-01\n",
        "launch: 2026-12-01\nchannel: influencer\napprovals: {sa_discount: '77'}\n",
        1,
    )
    brief = read(text.replace("width_cm: 26.7 ", "tx_mw: 25\n  body_cm: 1\n  width_cm: 26.7 "))
    offer = brief.offers[2]
    assert offer.lowest_20d == Money.of(24_700, "JPY")
    assert offer.instalments is not None
    assert offer.instalments.total == Money.of(19_800, "JPY")
    assert offer.instalments.terms == "実質年率 12.0%"
    assert (offer.stock, offer.weeks_sold_share) == (500, 0.6)
    assert brief.channel is Channel.INFLUENCER
    assert brief.approvals == {"sa_discount": "77"}
    assert (brief.product.tx_mw, brief.product.body_cm) == (25, 1)


def test_nothing_new_is_needed() -> None:
    brief = read(TEXT)
    assert brief.channel is Channel.PAID
    assert brief.approvals == {}
    assert brief.offers[2].instalments is None
    assert brief.product.tx_mw is None


def test_the_budget_reads_onto_the_domain_with_all_its_limits() -> None:
    limits = """days: 14
  objective: cost_per_acquisition
  target: 25.00 USD
  total: 15000.00 USD
  holdout_share: 0.1
  max_cell_change_share: 0.3
  market_floors: {de-DE: 0.2, ja-JP: 0.8}
  market_caps: {en-US: 0.5}
  variant_floors: {v2: 0.1, v3-comfort: 0.15}
  variant_caps: {v2: 0.4}
  mode: auto
"""
    budget = read(TEXT.replace("days: 14\n", limits, 1)).budget
    assert budget.objective is Objective.COST_PER_ACQUISITION
    assert (budget.target, budget.total) == (Money.of("25", "USD"), Money.of("15000", "USD"))
    assert (budget.holdout_share, budget.max_cell_change_share) == (0.1, 0.3)
    assert budget.market_floors == {"de-DE": 0.2, "ja-JP": 0.8}
    assert budget.market_caps == {"en-US": 0.5}
    assert (budget.floor_of("v2-family"), budget.cap_of("v2-family")) == (0.1, 0.4)
    assert (budget.floor_of("v3-comfort"), budget.floor_of("v3-family")) == (0.15, 0.0)
    assert (budget.floor_of("v20-family"), budget.cap_of("v1-family")) == (0.0, 1.0)
    assert budget.mode == "auto"


def test_a_budget_of_before_keeps_its_meaning() -> None:
    stored = TypeAdapter(Budget).validate_python(
        {
            "daily": {"currency": "USD", "amount_minor": 30_000},
            "days": 14,
            "floor_share": 0.05,
            "max_daily_change_share": 0.5,
        }
    )
    assert stored.max_daily_change_share == 0.5
    assert stored.objective is Objective.CLICKS
    assert (stored.target, stored.total, stored.mode) == (None, None, "propose")
    assert (stored.market_floors, stored.variant_caps) == ({}, {})
    again = TypeAdapter(Budget).validate_python(TypeAdapter(Budget).dump_python(stored))
    assert again == stored


def test_within_a_cell_no_change_is_too_large_unless_the_brief_says_so() -> None:
    budget = Budget(daily=Money.of("300", "USD"), days=14)
    assert budget.max_daily_change_share == 1.0
    assert budget.max_cell_change_share == 0.2
    assert budget.holdout_share == 0.05


def test_the_template_reads_with_every_note_on_the_budget_taken_up() -> None:
    """Uncommenting an example must not make a brief wrong."""
    text = TEMPLATE.read_text("utf-8")
    budget = text[text.index("\nbudget:") : text.index("\nbrand:")]
    filled = re.sub(r"^  # (\w+:)", r"  \1", budget, flags=re.MULTILINE)
    filled = filled.replace("objective: clicks ", "objective: cost_per_click ")
    demo = TEXT[TEXT.index("\nbudget:") : TEXT.index("\nbrand:")]
    read_budget = read(TEXT.replace(demo, filled)).budget
    assert read_budget.total == Money.of("4200", "USD")
    assert read_budget.target == Money.of("1.50", "USD")
    assert read_budget.variant_caps == {"v2": 0.4}


def test_reviewers_may_read_chinese() -> None:
    assert read(TEXT.replace("language: en ", "language: zh ", 1)).language == "zh"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(BriefError) as caught:
        read(TEXT.replace("days: 14", "days: 0").replace("width_cm: 26.7", "width_cm: 0"))
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty or not a list of fields"),
        ("- a\n- b", "empty or not a list of fields"),
        ("just words", "empty or not a list of fields"),
        ("title: [", "brief.yaml:1: not valid YAML"),
        ("title: a\ntitle: b", "not valid YAML"),
        ("title: \x00", "not valid YAML"),
        ("a: &a [x]\nb: [*a, *a]", "brief.yaml:1: anchors and aliases"),
        ("title: !!python/object/apply:os.system ['true']", "the tag"),
        ("x: " + "[" * 40 + "]" * 40, "nested deeper than 12 levels"),
        ("title: " + "x" * MAX_BYTES, "larger than 256 KiB"),
        ("title: " + "x" * 500, "title: longer than 400 characters"),
        ('title: "a\\u202Eb"', "invisible control character"),
    ],
)
def test_hostile_and_broken_texts_are_refused(text: str, message: str) -> None:
    with pytest.raises(BriefError) as caught:
        read(text)
    assert message in str(caught.value)


def test_a_yaml_bomb_is_refused_before_it_grows() -> None:
    layers = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(BriefError, match="anchors and aliases"):
        read("\n".join(layers))


@pytest.mark.parametrize(
    "path", ["../../secret.png", "/etc/passwd", "assets:../../pyproject.toml"]
)
def test_files_outside_the_campaign_are_out_of_reach(path: str) -> None:
    hostile = TEXT.replace("assets:products/smartchef-rice-cooker/packshot-left.png", path)
    with pytest.raises(BriefError, match="leaves the campaign's folder"):
        read(hostile)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_whatsoever_crashes_the_reader(text: str) -> None:
    with pytest.raises(InputError):
        read(text)


def test_the_form_changes_its_fields_and_keeps_every_comment() -> None:
    form = fields_from_yaml(TEXT)
    assert form.markets == ("en-US", "de-DE", "ja-JP", "ar-SA")
    assert with_fields(TEXT, form) == TEXT
    changed = with_fields(TEXT, replace(form, days=21, launch="2026-12-05", markets=("ja-JP",)))
    before, after = TEXT.splitlines(), changed.splitlines()
    assert [line for line in before if "#" in line and "launch" not in line] == [
        line for line in after if "#" in line and "launch" not in line
    ]
    assert "  days: 21" in after
    assert "markets: [ja-JP]" in after

"""What a campaign taught: from the store's reports to levels, agreement and weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from studio.domain.alarm import Alarm, AlarmAnswer, AlarmKind, Answer
from studio.domain.creative import Creative, Role
from studio.domain.delivery import Delivery
from studio.domain.insight import CampaignInsights
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.workflows.insights import EVEN_SHARE, LEAST_CLICKS, Insights
from tests.workflows.learning_fakes import ANGLES, SLUG, MemoryStore, a_store, an_ad

DAY = date(2026, 3, 2)
PACK = (*ANGLES, "design", "global_modern")
Rate = Callable[[Creative], float]


def crafty(creative: Creative) -> float:
    """`craft` is clicked half as often again, everywhere."""
    return 0.03 if creative.copy.angle == "craft" else 0.02


def delivered(store: MemoryStore, rate: Rate, *, views: Callable[[Creative], int]) -> None:
    store.replace_deliveries(
        SLUG,
        tuple(
            Delivery(
                ad_id=an_ad(creative).id,
                day=DAY,
                cell=an_ad(creative).cell,
                impressions=views(creative),
                clicks=round(views(creative) * rate(creative)),
                conversions=0,
                spend=Money.of("5.00", "EUR"),
            )
            for creative in store.made
        ),
    )


def found(store: MemoryStore) -> CampaignInsights:
    return Insights(store=store, angles=lambda market: PACK, draws=1000).of(SLUG)


def seen(*, views: Callable[[Creative], int] = lambda creative: 20_000) -> MemoryStore:
    store = a_store(variants=8)
    delivered(store, crafty, views=views)
    return store


def test_the_winning_angle_is_found_in_every_market_and_over_all() -> None:
    insights = found(seen())
    for market in (None, Locale("de-DE"), Locale("ja-JP")):
        first, *others = insights.of("angle", market)
        assert first.level == "craft"
        assert first.estimate is not None
        assert first.estimate.low > 1
        assert first.estimate.best > 0.9
        assert first.raw_rate == pytest.approx(0.03)
        assert first.raw_ratio == pytest.approx(0.03 / 0.0225)
        assert first.n_levels == 4
        assert all(one.estimate and one.estimate.ratio < 1 for one in others)
    here = insights.of("angle", Locale("ja-JP"))[0]
    assert (here.agreeing, here.others) == (1, 1)
    assert here.estimate is not None
    assert here.estimate.borrowed is not None
    assert 0 < here.estimate.borrowed < 0.6


def test_a_market_that_contradicts_does_not_agree() -> None:
    store = a_store(variants=8)

    def rate(creative: Creative) -> float:
        return crafty(creative) if creative.market == "de-DE" else 0.05 - crafty(creative)

    delivered(store, rate, views=lambda creative: 50_000)
    insights = found(store)
    best = insights.of("angle", Locale("de-DE"))[0]
    assert (best.level, best.agreeing, best.others) == ("craft", 0, 1)
    assert insights.of("angle", Locale("ja-JP"))[-1].level == "craft"


def test_below_the_threshold_there_is_no_number() -> None:
    """2.25 % of 2,000 × 4 views are 180 clicks in Germany; Japan has 1 in 80 of the views."""
    store = seen(views=lambda creative: 2000 if creative.market == "de-DE" else 25)
    insights = found(store)
    for level in insights.of("angle", Locale("ja-JP")):
        assert level.estimate is None
        own = [each for each in store.days.values() if each.cell.market == "ja-JP"]
        rate = sum(each.clicks for each in own) / sum(each.impressions for each in own)
        assert level.needed_impressions == int(np.ceil(LEAST_CLICKS / rate))
        assert level.impressions < level.needed_impressions
    german = insights.of("angle", Locale("de-DE"))
    assert all(level.estimate for level in german)
    assert all(level.others == 0 for level in german)


def test_without_clicks_nothing_is_told_and_nothing_suggested() -> None:
    store = a_store()
    assert found(store).angle_weights == {}
    assert all(level.estimate is None for level in found(store).levels)
    assert all(level.needed_impressions is None for level in found(store).levels)
    assert found(a_store(variants=0)).levels == ()


def test_weights_sum_to_one_favour_winners_and_keep_trying_the_rest() -> None:
    weights = found(seen()).angle_weights
    assert set(weights) == {"de-DE", "ja-JP"}
    for own in weights.values():
        assert set(own) == {*ANGLES, "design"}, "the unadapted angle is there anyway"
        assert sum(own.values()) == pytest.approx(1.0)
        assert min(own.values()) >= EVEN_SHARE / 5 - 1e-9
        assert own["craft"] > 0.5
        assert own["design"] > own["value"], "what nobody tried may still be better"


def test_a_market_without_views_takes_the_others_word() -> None:
    store = seen(views=lambda creative: 20_000 if creative.market == "de-DE" else 0)
    weights = found(store).angle_weights
    assert max(weights[Locale("ja-JP")], key=weights[Locale("ja-JP")].__getitem__) == "craft"
    assert weights[Locale("ja-JP")]["craft"] < weights[Locale("de-DE")]["craft"]


def test_equal_reports_give_equal_insights_in_any_order() -> None:
    store = seen()
    first = found(store)
    store.made = tuple(reversed(store.made))
    store.days = dict(reversed(store.days.items()))
    assert found(store) == first


def test_reports_that_somebody_excluded_do_not_teach() -> None:
    store = seen()
    ad = an_ad(next(each for each in store.made if each.copy.angle == "craft"))
    alarm = Alarm(
        kind=AlarmKind.SPEND_TENFOLD, day=DAY, cell=ad.cell, ad_id=ad.id, question="?"
    )
    before = found(store).of("angle", ad.cell.market)[0]
    store.answered.append(
        AlarmAnswer(
            campaign=SLUG,
            alarm=alarm,
            answer=Answer.EXCLUDE,
            person="mara",
            role=Role.MARKETER,
            note="",
            at=datetime(2026, 3, 3, tzinfo=UTC),
        )
    )
    after = found(store).of("angle", ad.cell.market)[0]
    assert before.impressions - after.impressions == 20_000


def test_an_attribute_that_never_differs_is_not_told() -> None:
    store = seen()
    store.made = tuple(
        replace(each, attributes={**each.attributes, "set": "one"}) for each in store.made
    )
    assert {level.attribute for level in found(store).levels} == {"angle"}

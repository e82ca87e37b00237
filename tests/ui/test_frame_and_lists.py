"""The bar, the campaign list, the progress and the problems of a brief."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from studio.domain.brief import Slug
from studio.domain.campaign import BriefVersion, CampaignSummary
from studio.domain.creative import Creative, Status
from studio.domain.job import Job, JobId, JobState
from studio.domain.market import Locale
from studio.errors import BriefError, InputError
from studio.intake.brief_form import BriefForm
from studio.ui.brief_page import NAMES, form_of, shown_values
from studio.ui.present.brief import problems, version_choices
from studio.ui.present.campaigns import campaign_card, campaign_list, cover_of, waiting_line
from studio.ui.present.frame import top_bar
from studio.ui.present.progress import ads_planned, finished_ads, progress_card, time_left
from tests.examples import ADMIN, DE, MARKETER, NOON, US, a_brief, a_creative

HOSTILE = "<script>alert(1)</script>"
SUMMARY = CampaignSummary(
    slug=Slug("rice"),
    title="Rice",
    launch=date(2026, 12, 1),
    markets=(US, DE),
    counts=dict.fromkeys(Status, 0) | {Status.DRAFT: 3, Status.LIVE: 1},
    updated_at=NOON,
)
RUNNING = Job(
    id=JobId("j"),
    campaign=Slug("rice"),
    state=JobState.RUNNING,
    units_done=3,
    units_total=12,
    message="de-DE · v2-craft",
    created_at=NOON,
    beat_at=NOON,
)
FORM = BriefForm(
    title="Rice",
    launch="2026-12-01",
    product_name="SmartChef",
    product_category="rice_cooker",
    markets=("en-US",),
    placements=("meta_feed_1x1",),
    daily_budget="400.00 EUR",
    days=14,
    variants_per_market=6,
    brand_name="SmartChef",
    voice="warm",
    words_to_use=("fluffy", "slow morning"),
    words_to_avoid=(),
)


def test_the_bar_marks_where_one_is_and_links_keep_the_campaign() -> None:
    bar = top_bar(page="review", campaign="rice", title="Rice", person=MARKETER, leaves=True)
    assert '<a href="/review?campaign=rice" aria-current="page">Review</a>' in bar
    assert '<a href="/spend?campaign=rice">Spend</a>' in bar
    assert "Sign out" in bar


def test_only_an_admin_is_shown_the_way_to_people() -> None:
    of = {"page": "", "campaign": "", "title": "", "leaves": False}
    assert "/people" in top_bar(person=ADMIN, **of)  # type: ignore[arg-type]
    assert "/people" not in top_bar(person=MARKETER, **of)  # type: ignore[arg-type]
    assert "Sign out" not in top_bar(person=ADMIN, **of)  # type: ignore[arg-type]


def test_a_title_with_markup_shows_as_text_in_bar_and_card() -> None:
    bar = top_bar(page="", campaign="rice", title=HOSTILE, person=MARKETER, leaves=True)
    card = campaign_card(replace(SUMMARY, title=HOSTILE), [], now=NOON)
    assert "<script>" not in bar + card
    assert "&lt;script&gt;" in bar
    assert "&lt;script&gt;" in card


def test_a_card_leads_to_what_comes_next() -> None:
    waiting = campaign_card(SUMMARY, [], now=NOON)
    assert '<a class="button primary" href="/review?campaign=rice">Review 3 ads</a>' in waiting
    untouched = replace(SUMMARY, counts=dict.fromkeys(Status, 0))
    assert 'primary" href="/generate?campaign=rice"' in campaign_card(untouched, [], now=NOON)


def test_the_list_says_what_to_do_when_it_is_empty() -> None:
    assert "New campaign" in campaign_list([])
    assert waiting_line([SUMMARY, SUMMARY]) == "2 campaigns, 6 ads waiting for review"


def test_a_cover_shows_each_market_once_in_the_shape_that_fits() -> None:
    def of(market: Locale, width_px: int, height_px: int) -> Creative:
        size = replace(a_creative().rendition, width_px=width_px, height_px=height_px)
        return a_creative(market=market, rendition=size)

    ads = [of(US, 1080, 1920), of(US, 1080, 1350), of(DE, 1080, 1080)]
    shown = [(each.market, each.rendition.height_px) for each in cover_of(ads, (DE, US))]
    assert shown == [(DE, 1080), (US, 1350)]


def test_the_plan_of_a_generation_is_multiplied_out() -> None:
    brief = a_brief(markets=(US, DE), placements=("a", "b", "c"), variants_per_market=4)
    assert ads_planned(brief) == "2 markets × 4 variants × 3 placements = 24 ads"


def test_time_left_follows_the_pace_so_far() -> None:
    """3 of 12 units took 60 s: 20 s each, so the other 9 take 180 s."""
    now = NOON + timedelta(seconds=60)
    assert time_left(RUNNING, now=now) == timedelta(seconds=180)
    assert time_left(replace(RUNNING, units_done=0), now=now) is None
    assert time_left(replace(RUNNING, state=JobState.DONE), now=now) is None
    assert "about 3 min left" in progress_card(RUNNING, now=now)


def test_a_failed_job_says_why_as_text() -> None:
    failed = replace(RUNNING, state=JobState.FAILED, message=f"de-DE: {HOSTILE}")
    card = progress_card(failed, now=NOON)
    assert "Failed" in card
    assert "&lt;script&gt;" in card
    assert 'aria-valuenow="25"' in card
    assert progress_card(None, now=NOON) == ""


def test_finished_ads_stand_in_the_briefs_order_of_markets() -> None:
    american, german = a_creative(market=US), a_creative(market=DE)
    shown = finished_ads([american, german], markets=(DE, US))
    assert shown.index("de-DE") < shown.index("en-US")
    assert "one after the other" in finished_ads([], markets=(DE, US))


def test_problems_of_a_brief_name_line_and_field_and_show_as_text() -> None:
    second = BriefError("unknown field.", file="brief.yaml", line=9, field="colour")
    first = BriefError(HOSTILE, file="brief.yaml", line=4, field="title", others=(second,))
    shown = problems(first)
    assert "2 things to mend" in shown
    assert "line 4</span> <code>title</code> &lt;script&gt;" in shown
    assert "line 9</span> <code>colour</code> unknown field." in shown
    assert "no date" in problems(InputError("launch: 'x' is no date"))
    assert "complete" in problems(None)


def test_versions_say_when_and_by_whom() -> None:
    version = BriefVersion(
        campaign=Slug("rice"),
        revision=3,
        at=NOON - timedelta(minutes=2),
        by="mara",
        yaml_text="",
    )
    assert version_choices([version], now=NOON) == [("Version 3, 2 min ago by mara", 3)]


def test_a_form_survives_the_way_through_its_components() -> None:
    values = tuple(shown_values(FORM))
    assert dict(zip(NAMES, values, strict=True))["words_to_use"] == "fluffy, slow morning"
    assert form_of(values) == FORM


def test_emptied_components_become_empty_fields() -> None:
    form = form_of((None,) * len(NAMES))
    assert (form.title, form.days, form.markets, form.words_to_use) == ("", 0, (), ())

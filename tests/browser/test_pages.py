"""Briefs, generation and spend, driven as a marketer does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FRESH, HOSTILE_TITLE, READY, REHEARSED_DAYS, Served

pytestmark = pytest.mark.browser


def test_generation_goes_on_over_a_reload_and_shows_its_ads(
    marketer: Page, served: Served
) -> None:
    marketer.goto(f"/generate?campaign={FRESH}")
    expect(marketer.get_by_text("= 4 ads")).to_be_visible()
    marketer.get_by_role("button", name="Generate", exact=True).click()
    progress = marketer.locator("#progress .progress")
    expect(progress).to_be_visible()
    marketer.reload()
    expect(progress).to_be_visible()
    expect(progress).to_contain_text("Done", timeout=60_000)
    expect(marketer.locator("#finished-ads img")).to_have_count(4)
    marketer.get_by_role("link", name="Review the ads").click()
    expect(marketer.locator("#deck-progress")).to_have_text("0 of 4 decided")
    assert len(served.studio.repository.creatives(FRESH)) == 4


def test_form_and_yaml_follow_each_other_and_errors_name_line_and_field(
    marketer: Page, served: Served
) -> None:
    marketer.goto(f"/brief?campaign={FRESH}")
    yaml = marketer.locator("#brief-yaml .cm-content")
    problems = marketer.locator("#brief-problems")
    expect(problems).to_contain_text("The brief is complete")
    marketer.get_by_label("Budget per day").fill("777.00 USD")
    marketer.keyboard.press("Tab")
    expect(yaml).to_contain_text("daily: 777.00 USD")
    expect(yaml).to_contain_text("# the demo campaign", ignore_case=True)
    marketer.get_by_label("Launch", exact=True).fill("")
    marketer.get_by_label("Launch", exact=True).press_sequentially("soon")
    expect(problems).to_contain_text("launch")
    marketer.get_by_label("Launch", exact=True).fill("2026-12-02")
    marketer.keyboard.press("Tab")
    expect(yaml).to_contain_text("launch: 2026-12-02")
    yaml.click()
    marketer.keyboard.press("Control+Home")
    marketer.keyboard.type("colour: blue\n")
    expect(problems).to_contain_text("line 1")
    expect(problems).to_contain_text("colour")
    marketer.get_by_role("button", name="Save", exact=True).click()
    expect(marketer.locator("#brief-saved")).to_contain_text("Not saved")
    yaml.click()
    marketer.keyboard.press("Control+Home")
    marketer.keyboard.press("Shift+ArrowDown")
    marketer.keyboard.press("Delete")
    expect(problems).to_contain_text("The brief is complete")
    marketer.get_by_role("button", name="Save", exact=True).click()
    expect(marketer.locator("#brief-saved")).to_contain_text("Saved")
    assert served.studio.briefs.brief(FRESH).budget.daily.amount_minor == 77700
    expect(marketer.get_by_label("Versions")).to_have_value("Version 2, just now by mara")


def test_a_new_campaign_opens_its_brief(marketer: Page, served: Served) -> None:
    marketer.get_by_role("button", name="New campaign").click()
    marketer.get_by_label("Short name").fill("../escape")
    marketer.get_by_role("button", name="Create").click()
    expect(marketer.get_by_text("can't name a campaign")).to_be_visible()
    marketer.get_by_label("Short name").fill("spring-launch")
    marketer.get_by_role("button", name="Create").click()
    marketer.wait_for_url("**/brief?campaign=spring-launch")
    expect(marketer.locator("#brief-problems")).to_contain_text("to mend")
    assert served.studio.briefs.file("spring-launch").is_file()


@pytest.mark.parametrize("page", ["brief", "generate", "review", "spend"])
def test_a_campaign_that_is_not_there_is_said_so(marketer: Page, page: str) -> None:
    marketer.goto(f"/{page}?campaign=nowhere")
    expect(marketer.locator(".empty, .verdict.is-bad").first).to_be_visible()


def test_every_move_of_money_has_its_reason(marketer: Page, served: Served) -> None:
    marketer.goto(f"/spend?campaign={READY}")
    moves = marketer.locator("#spend-moves .move")
    expect(moves).to_have_count(2)
    plans = served.studio.repository.plans(READY)
    for move in plans[-1].moves:
        if move.cell.market == "en-US":
            expect(marketer.locator("#spend-moves")).to_contain_text(move.reason)
    expect(marketer.locator("#spend-charts svg")).to_have_count(4)
    expect(marketer.locator("#spend-charts")).to_contain_text("Each place's money")
    launch = served.studio.briefs.brief(READY).launch
    next_day = launch + timedelta(days=REHEARSED_DAYS)
    marketer.get_by_role("button", name="Propose a plan").click()
    expect(marketer.locator("#spend-moves")).to_contain_text(f"Plan for {next_day:%d %b %Y}")
    expect(marketer.locator("#plan-mode")).to_contain_text("a person decides")
    assert served.studio.repository.plans(READY)[-1].day == next_day


def test_a_plan_waits_until_a_named_person_signs_it(marketer: Page, served: Served) -> None:
    repository = served.studio.repository
    marketer.goto(f"/spend?campaign={READY}")
    marketer.get_by_role("button", name="Propose a plan").click()
    expect(marketer.locator("#plan-status")).to_contain_text("a person decides")
    signed = len(repository.plan_verdicts(READY))
    marketer.get_by_role("button", name="Reject", exact=True).click()
    expect(marketer.get_by_text("write a note")).to_be_visible()
    assert len(repository.plan_verdicts(READY)) == signed
    marketer.locator("#plan-note textarea, #plan-note input").fill("Fine <b>by me")
    marketer.get_by_role("button", name="Approve", exact=True).click()
    status = marketer.locator("#plan-status")
    expect(status).to_contain_text("Approved by mara")
    expect(status).to_contain_text("Fine <b>by me")
    expect(marketer.locator("#approve-plan")).to_be_hidden()
    assert served.studio.learner.in_force(READY)[-1] == repository.plans(READY)[-1]
    marketer.get_by_role("button", name="Take back the last plan").click()
    expect(status).to_contain_text("Taken back.")
    expect(marketer.locator("#spend-moves")).to_contain_text("the last plan was taken back")
    expect(marketer.locator("#uplift")).to_contain_text("Measured:")


def test_what_the_limits_cost_is_simulated_once_and_kept(
    marketer: Page, served: Served
) -> None:
    brief = served.studio.briefs.brief(READY)
    marketer.goto(f"/spend?campaign={READY}")
    marketer.get_by_role("button", name="What do the limits cost?").click()
    costs = marketer.locator("#limit-costs")
    expect(costs.locator("progress")).to_be_visible()
    expect(costs.locator("table tr")).not_to_have_count(0, timeout=60_000)
    expect(costs).to_contain_text("Exploration floor")
    expect(costs).to_contain_text("simulated people")
    known = served.studio.limit_costs.known(brief)
    assert known is not None
    expect(costs.locator("table tr")).to_have_count(1 + len(known))
    expect(marketer.locator("#ask-limit-costs")).to_be_hidden()
    marketer.reload()
    expect(costs.locator("table tr")).to_have_count(1 + len(known))
    expect(marketer.locator("#ask-limit-costs")).to_be_hidden()


def test_a_bad_report_is_explained_by_line_and_imports_nothing(
    marketer: Page, served: Served
) -> None:
    before = served.studio.repository.deliveries(READY)
    marketer.goto(f"/spend?campaign={READY}")
    expect(marketer.locator("#spend-moves .move").first).to_be_visible()
    header = "ad_id,day,market,placement,impressions,clicks,conversions,spend,currency\n"
    row = "unknown,2026-12-01,en-US,meta_feed_1x1,10,1,0,1.00,USD\n"
    marketer.locator("#import-report input[type=file], input[type=file]").first.set_input_files(
        {"name": "report.csv", "mimeType": "text/csv", "buffer": (header + row).encode()}
    )
    expect(marketer.locator("#import-outcome")).to_contain_text("line 2")
    assert served.studio.repository.deliveries(READY) == before


@pytest.mark.parametrize("page", ["", "brief", "generate", "review", "spend"])
def test_markup_in_names_shows_as_text(admin: Page, page: str) -> None:
    admin.goto(f"/{page}?campaign={READY}")
    shown = admin.locator(".campaign h2" if not page else ".top-bar .crumb")
    expect(shown.filter(has_text=HOSTILE_TITLE).first).to_be_visible()
    if page == "review":
        expect(admin.locator(".ad img")).to_be_visible()
    assert admin.evaluate("window.hacked") is None
    assert admin.locator("img[src=x]").count() == 0

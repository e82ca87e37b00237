"""The review deck, by keys and by hostile hands."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from playwright.sync_api import Page, Request, expect

from studio.domain.creative import Creative, Decision, Status
from tests.browser.conftest import MARKETER, READY, REVIEWER, Served, signed_in

pytestmark = pytest.mark.browser
STORY = "meta_story_9x16"


@pytest.fixture(autouse=True)
def _stories_wait(served: Served) -> None:
    """The four stories wait again, whatever an earlier test did."""
    repository = served.studio.repository
    for creative in repository.creatives(READY, placement=STORY):
        if creative.status in (Status.APPROVED, Status.REJECTED):
            last = repository.verdicts(creative.id)[-1]
            person = REVIEWER if last.reviewer == REVIEWER.name else None
            assert person is not None, last
            served.studio.reviews.undo(creative.id, person=person)


def open_deck(page: Page) -> None:
    page.goto(f"/review?campaign={READY}")
    expect(page.locator(".deck[data-ready]")).to_be_visible()
    page.get_by_label("Placement", exact=True).select_option(STORY)
    page.get_by_label("Status", exact=True).select_option("draft")
    expect(page.locator("#deck-position")).to_have_text("1 / 4")


def stories(served: Served) -> tuple[Creative, ...]:
    return served.studio.repository.creatives(READY, placement=STORY)


def statuses(served: Served) -> list[Status]:
    return sorted(creative.status for creative in stories(served))


def test_one_key_approves_another_rejects_with_a_reason_and_both_can_be_taken_back(
    reviewer: Page, served: Served
) -> None:
    open_deck(reviewer)
    said = reviewer.locator("#deck-status")
    reviewer.keyboard.press("a")
    expect(said).to_have_text(f"Approved by {REVIEWER.name}")
    expect(reviewer.locator("#deck-position")).to_have_text("2 / 4")
    reviewer.keyboard.press("x")
    reviewer.keyboard.press("2")
    expect(said).to_have_text(f"Rejected by {REVIEWER.name}")
    assert statuses(served) == [Status.APPROVED, Status.DRAFT, Status.DRAFT, Status.REJECTED]
    rejected = next(each for each in stories(served) if each.status is Status.REJECTED)
    verdict = served.studio.repository.verdicts(rejected.id)[-1]
    assert (verdict.decision, verdict.reason) == (Decision.REJECT, "Reads unnaturally")
    reviewer.keyboard.press("u")
    expect(said).to_contain_text("Taken back")
    assert statuses(served).count(Status.REJECTED) == 0


def test_fast_keys_are_all_heard(reviewer: Page, served: Served) -> None:
    open_deck(reviewer)
    for _ in range(4):
        reviewer.keyboard.press("a")
    expect(reviewer.locator("#deck-progress")).to_have_text("8 of 8 decided")
    reviewer.wait_for_function("document.querySelector('#deck-status').dataset.count >= 4")
    assert statuses(served) == [Status.APPROVED] * 4


def test_keys_typed_into_a_field_decide_nothing(reviewer: Page, served: Served) -> None:
    open_deck(reviewer)
    reviewer.keyboard.press("e")
    headline = reviewer.get_by_label("Headline")
    expect(headline).to_be_focused()
    reviewer.keyboard.press("Control+A")
    reviewer.keyboard.type("axuj")
    expect(headline).to_have_value("axuj")
    reviewer.keyboard.press("Escape")
    assert statuses(served) == [Status.DRAFT] * 4


def test_an_edit_sets_the_ad_anew_and_voids_its_approval(
    reviewer: Page, served: Served
) -> None:
    open_deck(reviewer)
    reviewer.keyboard.press("a")
    expect(reviewer.locator("#deck-status")).to_contain_text("Approved")
    (before,) = [each for each in stories(served) if each.status is Status.APPROVED]
    reviewer.keyboard.press("k")
    expect(reviewer.locator("#card-status")).to_have_text("Approved")
    picture = reviewer.locator(".ad img").get_attribute("src")
    reviewer.keyboard.press("e")
    reviewer.get_by_label("Headline").fill("Rice when you are ready")
    reviewer.get_by_role("button", name="Save and set anew").click()
    expect(reviewer.locator("#deck-status")).to_contain_text("no longer count")
    expect(reviewer.locator("#card-status")).to_have_text("Waiting")
    expect(reviewer.locator(".findings")).to_contain_text("void, the ad was changed since")
    assert reviewer.locator(".ad img").get_attribute("src") != picture
    after = served.studio.repository.creative(before.id)
    assert after.status is Status.DRAFT
    assert after.content_hash != before.content_hash
    assert after.copy.headline == "Rice when you are ready"


def test_an_export_is_an_archive_of_what_was_approved(admin: Page, served: Served) -> None:
    admin.goto(f"/review?campaign={READY}")
    admin.get_by_role("button", name="Export 4").click()
    expect(admin.locator("#deck-status")).to_contain_text("Exported 4 ads")
    with admin.expect_download() as download:
        admin.locator("#download").click()
    archive = zipfile.ZipFile(BytesIO(download.value.path().read_bytes()))
    pictures = [name for name in archive.namelist() if name.endswith((".jpg", ".png"))]
    assert len(pictures) == 4
    manifest = json.loads(archive.read(f"{READY}/manifest.json"))
    live = served.studio.repository.creatives(READY, status=Status.LIVE)
    assert {ad["creative_id"] for ad in manifest["ads"]} == {each.id for each in live}


def test_a_marketer_cannot_approve_even_by_calling_the_endpoint(
    visitor: Page, served: Served
) -> None:
    sent: list[Request] = []
    visitor.on("request", lambda request: sent.append(request))
    signed_in(visitor, MARKETER)
    open_deck(visitor)
    expect(visitor.locator("#approve")).to_have_count(0)
    visitor.keyboard.press("a")
    (loading,) = [each for each in sent if "/component_server" in each.url]
    call = loading.post_data_json
    victim = stories(served)[0]
    call["data"] = {
        "do": "approve",
        "campaign": READY,
        "id": victim.id,
        "hash": victim.content_hash,
    }
    answer = visitor.request.post(loading.url, data=call)
    assert answer.status == 200
    assert "may not approve or reject creatives" in answer.json()["error"]
    assert served.studio.repository.creative(victim.id).status is Status.DRAFT


def test_nobody_approves_without_signing_in(visitor: Page, served: Served) -> None:
    victim = stories(served)[0]
    for path in ("/gradio_api/component_server", "/gradio_api/queue/join", "/gradio_api/info"):
        answer = visitor.request.post(path, data={"data": [victim.id]})
        assert answer.status == 401, path
    assert visitor.request.get(f"/files/{victim.rendition.sha256}").status == 401

"""Nothing leaves the house that nobody approved at exactly this content."""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from studio.domain.creative import Creative, CreativeId, Decision, Status
from studio.domain.delivery import Group
from studio.domain.job import Job, JobId, JobState, UnitResult
from studio.errors import InputError, NotAllowed
from studio.platforms.folder import FolderExporter
from studio.store.blobs import Blobs
from studio.store.repository import Repository
from studio.workflows.publish import Publisher
from tests.examples import (
    MARKETER,
    NOON,
    REVIEWER,
    a_brief,
    a_copy,
    a_creative,
    a_film,
    a_verdict,
)


@pytest.fixture
def publisher(repository: Repository, blobs: Blobs, tmp_path: Path) -> Publisher:
    repository.save_brief(a_brief(), "title: x", by="mara", at=NOON)
    return Publisher(
        store=repository, blobs=blobs, exporter=FolderExporter(), exports_dir=tmp_path / "out"
    )


def stored(repository: Repository, blobs: Blobs, **overrides: object) -> Creative:
    """A draft in the store whose file exists."""
    creative = a_creative(**overrides)
    rendition = replace(creative.rendition, sha256=blobs.put(f"jpeg {creative.id}".encode()))
    creative = replace(creative, rendition=rendition)
    job = Job(
        id=JobId(f"job-{creative.id}"), campaign=creative.campaign, state=JobState.QUEUED,
        units_done=0, units_total=0, message="", created_at=NOON, beat_at=None,
    )  # fmt: skip
    repository.enqueue(job)
    result = UnitResult(key=sha256(job.id.encode()).hexdigest(), creative_ids=(), seconds=0.1)
    repository.record_unit(job.id, result, [creative], {})
    return repository.creative(creative.id)


def approved(repository: Repository, blobs: Blobs, **overrides: object) -> Creative:
    creative = stored(repository, blobs, **overrides)
    return repository.decide(a_verdict(creative), Status.APPROVED)


def test_an_export_has_pictures_copy_manifest_and_a_zip(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    creative = approved(repository, blobs)
    receipt = publisher.export("rice", MARKETER)
    manifest = json.loads((receipt.folder / "manifest.json").read_text("utf-8"))
    (entry,) = manifest["ads"]
    assert entry["content_hash"] == creative.content_hash
    assert entry["seed"] == 7
    assert entry["text_model"] == "phrasebook"
    assert entry["approved_by"][0]["reviewer"] == REVIEWER.name
    image = (receipt.folder / entry["file"]).read_bytes()
    assert (
        sha256(image).hexdigest() == entry["image_sha256"] == manifest["files"][entry["file"]]
    )
    (row,) = csv.DictReader((receipt.folder / "copy.csv").read_text("utf-8-sig").splitlines())
    assert row["headline"] == "Rice on time"
    with zipfile.ZipFile(receipt.archive) as bundle:
        assert f"rice/{entry['file']}" in bundle.namelist()
        assert bundle.testzip() is None
    assert repository.creative(creative.id).status is Status.LIVE
    planned, twin = repository.ads("rice")
    assert planned.content_hash == twin.content_hash == creative.content_hash


def test_every_ad_runs_a_second_time_on_the_even_split(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    approved(repository, blobs)
    receipt = publisher.export("rice", MARKETER)
    planned, twin = receipt.ads
    assert (planned.group, twin.group) == (Group.PLAN, Group.HOLDOUT)
    assert twin.id == f"{planned.id}-holdout"
    assert (twin.creative_id, twin.cell) == (planned.creative_id, planned.cell)
    assert receipt.count == 1
    text = (receipt.folder / "ad_sets.csv").read_text("utf-8-sig")
    sets = [(row["ad_set"], row["ad_id"]) for row in csv.DictReader(text.splitlines())]
    name = "en-US_meta_feed_1x1"
    assert sets == [(name, planned.id), (f"{name}-holdout", twin.id)]
    template = (receipt.folder / "deliveries_template.csv").read_text("utf-8-sig")
    rows = [row["ad_id"] for row in csv.DictReader(template.splitlines())]
    assert rows == [planned.id, twin.id]


def test_without_a_holdout_every_ad_runs_once(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    brief = a_brief()
    none = replace(brief, budget=replace(brief.budget, holdout_share=0.0))
    repository.save_brief(none, "title: y", by="mara", at=NOON)
    approved(repository, blobs)
    assert [ad.group for ad in publisher.export("rice", MARKETER).ads] == [Group.PLAN]


def test_exporting_twice_gives_the_same_bytes(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    approved(repository, blobs)
    first = publisher.export("rice", MARKETER).archive.read_bytes()
    assert publisher.export("rice", MARKETER).archive.read_bytes() == first


def test_drafts_and_rejected_creatives_stay_inside(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    stored(repository, blobs)
    rejected = stored(repository, blobs, id=CreativeId("rejected"))
    verdict = a_verdict(rejected, decision=Decision.REJECT, reason="dull")
    repository.decide(verdict, Status.REJECTED)
    with pytest.raises(InputError, match="no creative is approved yet"):
        publisher.export("rice", MARKETER)


def test_an_edit_after_approval_keeps_the_ad_inside(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    creative = approved(repository, blobs)
    edited = creative.revised(
        copy=a_copy(headline="Edited"), rendition=creative.rendition, attributes={}
    )
    repository.revise(edited, ())
    with pytest.raises(InputError, match="no creative is approved yet"):
        publisher.export("rice", MARKETER)


class TamperedStore:
    """A store whose status says approved while the verdict is for other content."""

    def __init__(self, repository: Repository, creative: Creative) -> None:
        self._repository, self._creative = repository, creative

    def creatives(self, slug: str) -> tuple[Creative, ...]:
        return (replace(self._creative, landing_url="https://other.example"),)

    def __getattr__(self, name: str) -> object:
        return getattr(self._repository, name)


def test_a_status_without_a_verdict_on_this_content_is_not_enough(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    tampered = TamperedStore(repository, approved(repository, blobs))
    with pytest.raises(InputError, match="isn't approved as it is now"):
        replace(publisher, store=tampered).export("rice", MARKETER)
    assert not publisher.exports_dir.exists()


def test_a_reviewer_may_not_export(publisher: Publisher) -> None:
    with pytest.raises(NotAllowed):
        publisher.export("rice", REVIEWER)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_spreadsheets_show_formulas_as_text(
    publisher: Publisher, repository: Repository, blobs: Blobs, start: str
) -> None:
    words = a_copy(headline=f"{start}HYPERLINK(1)")
    approved(repository, blobs, copy=words)
    receipt = publisher.export("rice", MARKETER)
    text = (receipt.folder / "copy.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert row["headline"] == f"'{start}HYPERLINK(1)"
    data = json.loads((receipt.folder / "copy.json").read_text("utf-8"))
    assert data[0]["headline"] == f"{start}HYPERLINK(1)"


def test_a_film_leaves_beside_its_picture_with_its_subtitles(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    film = a_film(
        sha256=blobs.put(b"mp4"), srt_sha256=blobs.put(b"srt"), vtt_sha256=blobs.put(b"vtt")
    )
    approved(repository, blobs, film=film)
    approved(repository, blobs, id=CreativeId("rice.still"), variant="v2-still")
    folder = publisher.export("rice", MARKETER).folder
    rows = csv.DictReader((folder / "copy.csv").read_text("utf-8-sig").splitlines())
    filmed, still = sorted(rows, key=lambda row: row["variant"])
    assert still["film"] == ""
    assert Path(filmed["film"]).stem == Path(filmed["file"]).stem
    for suffix in ("mp4", "srt", "vtt"):
        file = (folder / filmed["film"]).with_suffix(f".{suffix}")
        assert file.read_bytes() == suffix.encode()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    entries = {entry["ad_id"]: entry["film"] for entry in manifest["ads"]}
    assert entries[still["ad_id"]] is None
    assert entries[filmed["ad_id"]]["sha256"] == film.sha256
    assert manifest["files"][filmed["film"]] == film.sha256


def test_a_picture_that_was_approved_does_not_take_a_film_along(
    publisher: Publisher, repository: Repository, blobs: Blobs
) -> None:
    creative = approved(repository, blobs)
    film = a_film(sha256=blobs.put(b"mp4"))
    repository.revise(creative.with_film(film), [], replacing=creative.content_hash)
    with pytest.raises(InputError, match="no creative is approved"):
        publisher.export("rice", MARKETER)

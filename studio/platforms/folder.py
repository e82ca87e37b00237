"""Export to a folder and a zip: pictures, copy as JSON and CSV, and a manifest of hashes."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from io import StringIO
from pathlib import Path

from studio.domain.brief import Brief
from studio.domain.creative import Creative
from studio.domain.delivery import Ad, AdId, Cell, Group
from studio.platforms.model import ApprovedAd, FilmFiles, Receipt

EXTENSION = {"image/jpeg": "jpg", "image/png": "png"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "ad_id", "market", "placement", "variant", "file", "film", "headline", "body",
    "description", "cta", "cta_action",
    "offer_line", "legal_line", "landing_url", "angle", "gloss_headline", "gloss_body",
    "gloss_description",
)  # fmt: skip
DELIVERY_COLUMNS = (
    "ad_id", "day", "market", "placement", "impressions", "clicks", "conversions", "spend",
    "currency",
)  # fmt: skip
AD_SET_COLUMNS = ("ad_set", "group", "market", "placement", "ad_id", "copy_of", "file")
HOLDOUT = "-holdout"
"""Ending of the ids of ads that stay on the even split."""
README = """Export of {title}

images/         one file per ad, named by market, placement, variant and ad id
films/          short films of the ads that have one, named alike, with their subtitles as
                SubRip (.srt) and WebVTT (.vtt)
copy.csv        the words of every ad, UTF-8 with a byte order mark, for spreadsheets
copy.json       the same with attributes, for programs
ad_sets.csv     which ad belongs into which ad set; every ad runs a second time in a -holdout ad
                set of its cell, whose money stays evenly split, so that the plans can be
                measured against it. Keep their audiences apart with the platform's split test
                where it has one: people who see both sets make the uplift look smaller
manifest.json   SHA-256 of every file, who approved it and when, seeds and models
deliveries_template.csv   fill in impressions, clicks, conversions and spend per day and
                          import it in the studio; the ad ids are those of this export
"""


class FolderExporter:
    """An `Exporter` that needs no account."""

    name = "folder"

    def export(self, brief: Brief, ads: tuple[ApprovedAd, ...], *, to: Path) -> Receipt:
        """Write the folder beside its final place, then swap it in whole."""
        building = to.with_name(f".{to.name}.building")
        shutil.rmtree(building, ignore_errors=True)
        (building / "images").mkdir(parents=True)
        rows = [_row(brief, ad) for ad in ads]
        groups = (Group.PLAN, Group.HOLDOUT) if brief.budget.holdout_share else (Group.PLAN,)
        sets = [_in_set(row, group) for group in groups for row in rows]
        for ad, row in zip(ads, rows, strict=True):
            (building / row["file"]).write_bytes(ad.image)
            if ad.film is not None:
                _write_film(building / row["film"], ad.film)
        (building / "copy.csv").write_text(_csv(COLUMNS, rows), encoding="utf-8-sig")
        _write_json(
            building / "copy.json",
            [_record(ad, row) for ad, row in zip(ads, rows, strict=True)],
        )
        (building / "deliveries_template.csv").write_text(
            _csv(DELIVERY_COLUMNS, [row | _first_day(brief) for row in sets]),
            encoding="utf-8-sig",
        )
        (building / "ad_sets.csv").write_text(_csv(AD_SET_COLUMNS, sets), encoding="utf-8-sig")
        (building / "README.txt").write_text(README.format(title=brief.title), encoding="utf-8")
        _write_json(building / "manifest.json", _manifest(brief, ads, rows, building))
        archive = to.with_suffix(".zip")
        _zip(building, building.with_suffix(".zip"), top=to.name)
        shutil.rmtree(to, ignore_errors=True)
        building.rename(to)
        building.with_suffix(".zip").replace(archive)
        published = tuple(_published(ad, group) for group in groups for ad in ads)
        return Receipt(folder=to, archive=archive, ads=published)


def ad_id(ad: ApprovedAd) -> AdId:
    """Stable name of an ad: its creative and the first digits of the approved content."""
    return AdId(f"{ad.creative.id}-{ad.creative.content_hash[:8]}")


def safe_cell(text: str) -> str:
    """`text` as a spreadsheet shows it, never as a formula it runs (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def in_group(name: AdId, group: Group) -> AdId:
    """The id of an ad in a group."""
    return AdId(f"{name}{HOLDOUT}") if group is Group.HOLDOUT else name


def _in_set(row: dict[str, str], group: Group) -> dict[str, str]:
    """An ad's place in the ad sets of its cell."""
    ending = HOLDOUT if group is Group.HOLDOUT else ""
    return row | {
        "ad_set": f"{row['market']}_{row['placement']}{ending}",
        "group": group,
        "ad_id": in_group(AdId(row["ad_id"]), group),
        "copy_of": row["ad_id"],
    }


def _published(ad: ApprovedAd, group: Group) -> Ad:
    creative = ad.creative
    return Ad(
        id=in_group(ad_id(ad), group),
        creative_id=creative.id,
        cell=Cell(market=creative.market, placement=creative.placement),
        platform=FolderExporter.name,
        content_hash=creative.content_hash,
        variant=creative.variant,
        attributes=creative.attributes,
        group=group,
    )


def _row(brief: Brief, ad: ApprovedAd) -> dict[str, str]:
    creative, words = ad.creative, ad.creative.copy
    name = f"{creative.market}_{creative.placement}_{creative.variant}_{ad_id(ad)[-8:]}"
    extension = EXTENSION[creative.rendition.media_type]
    film = f"films/{brief.slug}_{name}.mp4" if ad.film is not None else ""
    return {
        "ad_id": ad_id(ad),
        "market": creative.market,
        "placement": creative.placement,
        "variant": creative.variant,
        "file": f"images/{brief.slug}_{name}.{extension}",
        "film": film,
        "headline": words.headline,
        "body": words.body,
        "description": words.description,
        "cta": words.cta,
        "cta_action": words.cta_action,
        "offer_line": words.offer_line,
        "legal_line": words.legal_line,
        "landing_url": creative.landing_url,
        "angle": words.angle,
        "gloss_headline": words.gloss.headline,
        "gloss_body": words.gloss.body,
        "gloss_description": words.gloss.description,
    }


def _first_day(brief: Brief) -> dict[str, str]:
    return {"day": brief.launch.isoformat(), "currency": brief.budget.daily.currency}


def _record(ad: ApprovedAd, row: dict[str, str]) -> dict[str, object]:
    creative = ad.creative
    return row | {
        "attributes": dict(creative.attributes),
        "rationale": creative.copy.rationale,
        "sources": list(creative.copy.sources),
    }


def _manifest(
    brief: Brief, ads: tuple[ApprovedAd, ...], rows: list[dict[str, str]], folder: Path
) -> dict[str, object]:
    return {
        "schema": 1,
        "campaign": brief.slug,
        "title": brief.title,
        "files": {name: digest for name, digest in _digests(folder)},
        "ads": [
            {
                "ad_id": row["ad_id"],
                "creative_id": ad.creative.id,
                "file": row["file"],
                "content_hash": ad.creative.content_hash,
                "image_sha256": ad.creative.rendition.sha256,
                "film": _film_entry(ad.creative, row["film"]),
                "attributes": dict(ad.creative.attributes),
                "seed": ad.creative.seed,
                "text_model": ad.creative.text_model,
                "copy_prompt_sha256": ad.creative.prompt_sha256,
                "image_model": ad.creative.picture.model,
                "picture_seed": ad.creative.picture.seed,
                "picture_prompt_sha256": ad.creative.picture.prompt_sha256,
                "approved_by": [
                    asdict(verdict) | {"at": verdict.at.isoformat()}
                    for verdict in ad.verdicts
                    if verdict.content_hash == ad.creative.content_hash
                ],
                "findings": [asdict(finding) for finding in ad.findings],
            }
            for ad, row in zip(ads, rows, strict=True)
        ],
    }


def _film_entry(creative: Creative, file: str) -> dict[str, object] | None:
    film = creative.film
    if film is None:
        return None
    return {
        "file": file,
        "sha256": film.sha256,
        "seconds": film.seconds,
        "srt_sha256": film.srt_sha256,
        "vtt_sha256": film.vtt_sha256,
    }


def _write_film(file: Path, film: FilmFiles) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(film.mp4)
    file.with_suffix(".srt").write_bytes(film.srt)
    file.with_suffix(".vtt").write_bytes(film.vtt)


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.relative_to(folder).as_posix(), sha256(file.read_bytes()).hexdigest()


def _csv(columns: tuple[str, ...], rows: list[dict[str, str]]) -> str:
    out = StringIO()
    writer = csv.DictWriter(
        out, columns, extrasaction="ignore", restval="", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows({key: safe_cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _write_json(file: Path, data: object) -> None:
    file.write_text(
        json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8"
    )


def _zip(folder: Path, archive: Path, *, top: str) -> None:
    """A zip whose bytes depend on its contents only."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(f"{top}/{file.relative_to(folder).as_posix()}")
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                bundle.writestr(entry, file.read_bytes())

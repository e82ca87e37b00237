"""Reports are imported once, whole, and with every bad row named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from studio.domain.delivery import Ad, AdId, Cell
from studio.domain.money import Money
from studio.errors import InputError, NotAllowed
from studio.store.blobs import Blobs
from studio.store.repository import Repository
from studio.workflows.ingest import Importer
from tests.examples import MARKETER, NOON, REVIEWER, US, a_brief, a_creative
from tests.workflows.test_publish import stored

HEADER = "ad_id,day,market,placement,impressions,clicks,conversions,spend,currency"
GOOD = "ad-1,2026-12-01,en-US,meta_feed_1x1,1000,20,2,12.34,USD"


@pytest.fixture
def importer(repository: Repository, blobs: Blobs) -> Importer:
    repository.save_brief(a_brief(), "title: x", by="mara", at=NOON)
    creative = stored(repository, blobs)
    cell = Cell(market=US, placement="meta_feed_1x1")
    ads = [
        Ad(
            id=AdId(name), creative_id=creative.id, cell=cell, platform="folder",
            content_hash=a_creative().content_hash,
        )
        for name in ("ad-1", "ad-2")
    ]  # fmt: skip
    repository.save_ads("rice", ads)
    return Importer(store=repository, today=lambda: date(2026, 12, 5))


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    file = folder / "report.csv"
    file.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return file


def test_a_report_becomes_deliveries(
    importer: Importer, repository: Repository, tmp_path: Path
) -> None:
    report = importer.import_file("rice", write(tmp_path, GOOD), person=MARKETER)
    assert (report.added, report.replaced, report.unchanged) == (1, 0, 0)
    (delivery,) = repository.deliveries("rice")
    assert delivery.day == date(2026, 12, 1)
    assert (delivery.impressions, delivery.clicks, delivery.conversions) == (1000, 20, 2)
    assert delivery.spend == Money.of("12.34", "USD")


def test_importing_twice_changes_nothing(
    importer: Importer, repository: Repository, tmp_path: Path
) -> None:
    file = write(tmp_path, GOOD)
    importer.import_file("rice", file, person=MARKETER)
    before = repository.deliveries("rice")
    again = importer.import_file("rice", file, person=MARKETER)
    assert (again.added, again.replaced, again.unchanged) == (0, 0, 1)
    assert repository.deliveries("rice") == before


def test_the_day_of_an_import_is_kept_so_that_late_conversions_can_be_learnt(
    importer: Importer, repository: Repository, tmp_path: Path
) -> None:
    importer.import_file("rice", write(tmp_path, GOOD), person=MARKETER)
    later = replace(importer, today=lambda: date(2026, 12, 9))
    later.import_file("rice", write(tmp_path, GOOD.replace(",2,", ",3,")), person=MARKETER)
    told = [
        (r.reported_on.day, r.delivery.conversions) for r in repository.delivery_reports("rice")
    ]
    assert told == [(5, 2), (9, 3)]


def test_a_corrected_report_replaces_the_day(
    importer: Importer, repository: Repository, tmp_path: Path
) -> None:
    importer.import_file("rice", write(tmp_path, GOOD), person=MARKETER)
    late = write(tmp_path, GOOD.replace(",20,", ",25,"))
    assert importer.import_file("rice", late, person=MARKETER).replaced == 1
    assert [each.clicks for each in repository.deliveries("rice")] == [25]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (GOOD.replace("ad-1", "ad-9"), "line 3: ad_id: 'ad-9' is no exported ad"),
        (GOOD.replace("2026-12-01", "1.12.2026"), "line 3: day: '1.12.2026' is no date"),
        (GOOD.replace(",1000,", ",1e3,"), "line 3: impressions: '1e3' is no count"),
        (GOOD.replace(",20,", ",-20,"), "line 3: clicks: '-20' is no count"),
        (GOOD.replace(",20,", ",2000,"), "line 3: clicks (2000) can't exceed impressions"),
        (GOOD.replace("12.34", '"12,34"'), "line 3: spend: '12,34' is no amount"),
        (GOOD.replace("12.34", "=1+1"), "line 3: spend: '=1+1' is no amount"),
        (GOOD.replace("12.34", "12.345"), "line 3: spend: 12.345 USD has more decimals"),
        (GOOD.replace("12.34", "-1.00"), "line 3: spend is -100; it can't be negative"),
        (GOOD.replace("12.34", "NaN"), "line 3: spend: NaN is no amount"),
        (GOOD.replace("USD", "usd"), "line 3: spend: 'usd' is no currency code"),
        (GOOD.replace("USD", "EUR"), "line 3: currency: the file starts with USD"),
        (GOOD.replace("en-US", "de-DE"), "line 3: market, placement: ad-1 runs in en-US"),
        (GOOD.replace("ad-1", "ad-2"), "line 3: ad_id: ad-2 has a row for 2026-12-01"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_imported(
    importer: Importer, repository: Repository, tmp_path: Path, row: str, message: str
) -> None:
    first = GOOD.replace("ad-1", "ad-2")
    with pytest.raises(InputError) as caught:
        importer.import_file("rice", write(tmp_path, first, row), person=MARKETER)
    assert message in str(caught.value)
    assert "Nothing was imported" in str(caught.value)
    assert repository.deliveries("rice") == ()


def test_keep_good_imports_the_rest_and_reports_the_bad(
    importer: Importer, repository: Repository, tmp_path: Path
) -> None:
    file = write(tmp_path, GOOD, GOOD.replace("ad-1", "ad-9"))
    report = importer.import_file("rice", file, person=MARKETER, keep_good=True)
    assert report.added == 1
    assert [problem.line for problem in report.problems] == [3]
    assert len(repository.deliveries("rice")) == 1


def test_parquet_is_read_too(
    importer: Importer, repository: Repository, tmp_path: Path
) -> None:
    source, target = write(tmp_path, GOOD), tmp_path / "report.parquet"
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT * FROM read_csv('{source}')) TO '{target}'")
    assert importer.import_file("rice", target, person=MARKETER).added == 1
    assert repository.deliveries("rice")[0].spend == Money.of("12.34", "USD")


def test_a_missing_column_is_named(importer: Importer, tmp_path: Path) -> None:
    file = write(tmp_path, "ad-1", header="ad_id")
    with pytest.raises(InputError, match="lacks the columns day, market"):
        importer.import_file("rice", file, person=MARKETER)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("report.csv", b"", "report.csv"),
        ("report.parquet", b"not parquet", "can't be read as a table"),
        ("report.csv", b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "report.csv"),
        ("report.xlsx", b"x", "use a .csv or .parquet file"),
    ],
)
def test_files_that_are_no_reports_are_refused(
    importer: Importer, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        importer.import_file("rice", tmp_path / name, person=MARKETER)


def test_a_missing_file_is_named(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        importer.import_file("rice", tmp_path / "none.csv", person=MARKETER)


def test_a_reviewer_may_not_import(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        importer.import_file("rice", write(tmp_path, GOOD), person=REVIEWER)

"""What platforms report becomes deliveries: once, whatever is imported twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Protocol

import duckdb

from studio.domain.brief import Brief
from studio.domain.delivery import Ad, Delivery, ImportCount
from studio.domain.money import Money
from studio.domain.person import Person, Right
from studio.errors import InputError

COLUMNS = (
    "ad_id", "day", "market", "placement", "impressions", "clicks", "conversions", "spend",
    "currency",
)  # fmt: skip
OPTIONAL_COLUMN = "value"
"""What the conversions were worth, in the row's currency."""
MAX_BYTES = 2 * 1024**3
SHOWN_PROBLEMS = 10
COUNT_PATTERN = re.compile(r"\d{1,15}")


class DeliveryStore(Protocol):
    """The part of `studio.store.repository` that importing needs."""

    def brief(self, slug: str) -> Brief: ...
    def ads(self, slug: str) -> tuple[Ad, ...]: ...
    def replace_deliveries(
        self, slug: str, deliveries: Iterable[Delivery], *, reported_on: date | None = None
    ) -> ImportCount: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """One row that can't be imported, and why."""

    line: int
    """Line of the file, the header being 1; for Parquet the row number plus 1."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did."""

    added: int
    replaced: int
    unchanged: int
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Reads daily reports."""

    store: DeliveryStore
    today: Callable[[], date] = date.today

    def import_file(
        self, slug: str, path: Path, *, person: Person, keep_good: bool = False
    ) -> ImportReport:
        """Import a CSV or Parquet file with the columns of `COLUMNS`, and `value` if it has it.

        A bad row stops the whole import, unless `keep_good` asks to keep the others.
        Importing the same ad and day again replaces it.
        """
        person.require(Right.IMPORT)
        self.store.brief(slug)
        ads = {str(ad.id): ad for ad in self.store.ads(slug)}
        if not ads:
            raise InputError(
                f"{slug} has no exported ads yet; export before importing reports."
            )
        deliveries, problems = _parsed(_rows(path), ads)
        if problems and not keep_good:
            raise InputError(_explained(path, problems))
        count = self.store.replace_deliveries(slug, deliveries, reported_on=self.today())
        return ImportReport(
            added=count.added,
            replaced=count.replaced,
            unchanged=count.unchanged,
            problems=tuple(problems),
        )


def _rows(path: Path) -> list[dict[str, str]]:
    """The file's rows as text by column name."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file.")
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"{path.name} is larger than 2 GiB; split it by month.")
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise InputError(f"{path.name}: use a .csv or .parquet file.")
    reader = (
        "read_csv(?, header = true, all_varchar = true, null_padding = true, "
        "ignore_errors = false, strict_mode = false)"
        if kind == ".csv"
        else "read_parquet(?)"
    )
    with duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": "false"}
    ) as database:
        try:
            found = database.execute(f"SELECT * FROM {reader}", [str(path)])  # noqa: S608
            names = [column[0].strip().lstrip("\ufeff").lower() for column in found.description]
            values = found.fetchall()
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            raise InputError(f"{path.name} can't be read as a table: {first}") from error
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise InputError(
            f"{path.name} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}; "
            f"its header must name {', '.join(COLUMNS)}."
        )
    return [
        {
            name: "" if value is None else str(value).strip()
            for name, value in zip(names, row, strict=True)
        }
        for row in values
    ]


def _parsed(
    rows: list[dict[str, str]], ads: Mapping[str, Ad]
) -> tuple[list[Delivery], list[RowProblem]]:
    deliveries: dict[tuple[str, date], Delivery] = {}
    problems = []
    currency = ""
    for line, row in enumerate(rows, start=2):
        try:
            delivery = _delivery(row, ads)
            if (delivery.ad_id, delivery.day) in deliveries:
                raise InputError(
                    f"ad_id: {delivery.ad_id} has a row for {delivery.day} already."
                )
            currency = currency or delivery.spend.currency
            if delivery.spend.currency != currency:
                raise InputError(f"currency: the file starts with {currency}; keep to one.")
        except InputError as error:
            problems.append(RowProblem(line=line, message=str(error)))
        else:
            deliveries[delivery.ad_id, delivery.day] = delivery
    return list(deliveries.values()), problems


def _delivery(row: Mapping[str, str], ads: Mapping[str, Ad]) -> Delivery:
    ad = ads.get(row["ad_id"].removeprefix("'"))
    if ad is None:
        raise InputError(f"ad_id: {row['ad_id'][:80]!r} is no exported ad of this campaign.")
    if (row["market"], row["placement"]) != (ad.cell.market, ad.cell.placement):
        raise InputError(f"market, placement: {ad.id} runs in {ad.cell}.")
    try:
        day = date.fromisoformat(row["day"][:10])
    except ValueError as error:
        raise InputError(f"day: {row['day'][:40]!r} is no date; write 2026-12-01.") from error
    return Delivery(
        ad_id=ad.id,
        day=day,
        cell=ad.cell,
        impressions=_count(row, "impressions"),
        clicks=_count(row, "clicks"),
        conversions=_count(row, "conversions"),
        spend=_amount(row, "spend"),
        value=_amount(row, OPTIONAL_COLUMN) if row.get(OPTIONAL_COLUMN) else None,
    )


def _amount(row: Mapping[str, str], name: str) -> Money:
    try:
        return Money.of(Decimal(row[name]), row["currency"])
    except InvalidOperation as error:
        raise InputError(f"{name}: {row[name][:40]!r} is no amount; write 12.34.") from error
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def _count(row: Mapping[str, str], name: str) -> int:
    if not COUNT_PATTERN.fullmatch(row[name]):
        raise InputError(f"{name}: {row[name][:40]!r} is no count; write a whole number.")
    return int(row[name])


def _explained(path: Path, problems: list[RowProblem]) -> str:
    shown = [f"line {each.line}: {each.message}" for each in problems[:SHOWN_PROBLEMS]]
    more = len(problems) - len(shown)
    tail = [f"and {more} more."] if more else []
    advice = "Nothing was imported. Mend the file, or import the good rows with --keep-good."
    return "\n".join([f"{path.name}: {len(problems)} bad row(s).", *shown, *tail, advice])

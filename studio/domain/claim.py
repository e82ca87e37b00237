"""What may be said of a product, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from studio.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The document that proves a claim."""

    document: str
    """Title or number of the report, such as `TÜV report 21-4471`."""
    issued: date | None = None
    expires: date | None = None
    scope: str = ""
    """What was tested, and under which conditions."""

    def holds_on(self, day: date) -> bool:
        """Whether the document is in force on that day."""
        started = self.issued is None or self.issued <= day
        return started and (self.expires is None or day <= self.expires)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One fact about the product: from the benefit catalogue, or in the brief's own words."""

    id: str
    benefit: str = ""
    """Key of the benefit catalogue, such as `keep_warm_hours`."""
    text: str = ""
    """The claim in its own words, where the catalogue has no such benefit."""
    language: str = ""
    """Language of `text`, such as `de`; empty: the brief's."""
    value: float | None = None
    unit: str = ""
    """Unit of `value` as CLDR names it (`hour`, `liter`, `decibel`), or empty for a count."""
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        if bool(self.benefit) == bool(self.text):
            raise InputError(f"claim {self.id!r}: give either a benefit or a text, not both.")

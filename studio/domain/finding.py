"""What a check found in a creative, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from studio.domain.market import Locale


class Severity(StrEnum):
    """How much a finding weighs, the heaviest first."""

    BLOCK = "block"
    BLOCK_UNTIL_EVIDENCE = "block_until_evidence"
    WARN = "warn"
    INFO = "info"

    @property
    def blocks(self) -> bool:
        """Whether approval needs a named person's override."""
        return self in (Severity.BLOCK, Severity.BLOCK_UNTIL_EVIDENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that a creative touches."""

    rule: str
    """Id of the rule, such as `EU-01`."""
    kind: str = ""
    """What sort of fault it is, such as `superlative`; the same in every market."""
    severity: Severity
    market: Locale
    evidence: str
    """The words, tag or measure that were found, quoted as they stand in the creative."""
    message: str
    """In the brief's language, as is `fix`."""
    law: str = ""
    in_force: str = ""
    """ISO date from which the law holds; empty: it has long been in force."""
    fix: str = ""
    field: str = ""
    """Where: `headline`, `body`, `cta`, `offer_line`, `legal_line`, `picture`, `launch` …"""
    start: int = -1
    """Where the quote begins in the field's text; -1 where it has no place in a text."""
    end: int = -1
    """Where it ends, exclusive."""

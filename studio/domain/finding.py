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
    severity: Severity
    market: Locale
    evidence: str
    """The words, tag or measure that were found, quoted."""
    message: str
    law: str = ""
    fix: str = ""
    field: str = ""
    """Where: `headline`, `body`, `cta`, `offer_line`, `legal_line`, `picture`, `launch`."""

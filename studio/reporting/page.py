"""The report as one self-contained HTML file: no request leaves it, scripts can't run in it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from studio.reporting import words
from studio.reporting.fonts import page_font


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number that leads the report."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """One idea's copy and its gloss."""

    variant: str
    angle: str
    headline: str
    body: str
    cta: str
    gloss_headline: str
    gloss_body: str
    gloss_cta: str
    rationale: str

    @property
    def is_its_own_gloss(self) -> bool:
        """Whether the copy is in the reviewer's language already."""
        return (self.headline, self.body) == (self.gloss_headline, self.gloss_body)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSection:
    """Everything the report shows of one market."""

    locale: str
    name: str
    direction: str
    """`ltr` or `rtl`, of the copy."""
    summary: str
    font: bytes
    """WOFF with the letters of the copy; empty where the page's own face has them."""
    sheet_jpeg: bytes
    """Empty where no picture can be shown."""
    copies: tuple[CopyRow, ...]
    shares_svg: str
    """Empty before there is a plan."""
    rates_svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """One ad's share in the newest plan."""

    before: float
    after: float
    budget: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGroup:
    """The newest plan's moves in one cell, the largest share first."""

    title: str
    rows: tuple[MoveRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerRow:
    """What one person decided."""

    name: str
    role: str
    approved: int
    rejected: int
    reopened: int
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report's contents, in the order of the page."""

    title: str
    brand: str
    product: str
    period: str
    simulated: bool
    caveat: str
    """What the numbers are and aren't, in a few honest sentences."""
    figures: tuple[Figure, ...]
    charts_svg: tuple[str, ...]
    budgets_svg: str
    """Each place's money by day; empty before there is a plan."""
    markets: tuple[MarketSection, ...]
    plan_day: str
    moves: tuple[MoveGroup, ...]
    reviewers: tuple[ReviewerRow, ...]
    waiting: int
    """Creatives that no one has decided on."""
    origins: tuple[tuple[str, str], ...]
    """What made the campaign: names and values for who wants to make it again."""
    record_json: str = ""
    """The rehearsal, so that every number can be computed again."""


def render(report: Report) -> str:
    """The page. Every text is escaped; only our own SVG is trusted."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "svg": Markup,
        "json": lambda text: Markup(text.replace("<", "\\u003c")),
        "jpeg": lambda content: "data:image/jpeg;base64," + b64encode(content).decode(),
        "woff": lambda content: "data:font/woff;base64," + b64encode(content).decode(),
        "share": words.share_percent,
    }
    return environment.get_template("report.html.j2").render(report=report, font=page_font())

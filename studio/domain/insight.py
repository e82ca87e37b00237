"""What a campaign taught of its attributes, and what that suggests for the next brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.domain.brief import Slug
from studio.domain.market import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is believed of a level after pooling all markets; rates and probabilities 0–1."""

    rate: float
    """Click rate that the market's ads would have, had all of them this level."""
    ratio: float
    """Of that rate to the average of the levels beside it, with its 95 % interval."""
    low: float
    high: float
    best: float
    """Probability of being the best of them."""
    above: float
    """Probability that the ratio lies above 1."""
    borrowed: float | None = None
    """Share of what is known that other markets taught; `None` where nothing is known."""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out no difference at all."""
        return not self.low <= 1 <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelInsight:
    """One level of one attribute, in one market or over all."""

    attribute: str
    level: str
    market: Locale | None
    """`None`: over all markets, each counting alike."""
    n_levels: int
    """How many levels of the attribute were shown here."""
    impressions: int
    clicks: int
    needed_impressions: int | None
    """From so many on there is enough data; `None` before the first click."""
    raw_ratio: float | None
    """Of the level's plain click rate to the average of the levels'; `None` without clicks."""
    estimate: Estimate | None
    """`None` while there is not enough data."""
    agreeing: int = 0
    """Of the other markets that tell, how many point the same way."""
    others: int = 0
    """Other markets with enough data of this level."""

    @property
    def raw_rate(self) -> float | None:
        """Clicks per impression as reported."""
        return self.clicks / self.impressions if self.impressions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignInsights:
    """What one campaign taught."""

    campaign: Slug
    levels: tuple[LevelInsight, ...]
    angle_weights: Mapping[Locale, Mapping[str, float]]
    """For the next brief: weights by market and angle, each market's summing to 1."""

    def of(self, attribute: str, market: Locale | None) -> tuple[LevelInsight, ...]:
        """The levels of one attribute in one place, the best estimate first."""
        found = [
            each
            for each in self.levels
            if each.attribute == attribute and each.market == market
        ]
        return tuple(sorted(found, key=_rank))


def _rank(insight: LevelInsight) -> tuple[float, str]:
    return (-insight.estimate.ratio if insight.estimate else 0.0, insight.level)

"""From codes of ads to effects on the click-through rate, each with its prior variance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Matrix: TypeAlias = Floats | sparse.csr_array
"""Dense where small, since the overhead of sparse products would rule."""
MOST_DENSE = 4_000_000
"""Numbers of a matrix that is kept dense."""

FIXED = (
    "intercept",
    "market",
    "context",
    "cell",
    "attribute",
    "attribute_market",
    "attribute_context",
    "tag",
    "age",
    "creative_age",
)
"""Families of effects with a column each."""
NESTED = ("creative", "creative_market", "residual")
"""Families that lie within each other: an idea, the idea in a market, the ad in a cell."""
GROUPS = (*FIXED, *NESTED)
"""Every family has one prior variance."""
TAG_BUCKETS = 64
NONE = np.empty(0, dtype=np.int64)
GOLDEN = 0x9E3779B97F4A7C15
"""2⁶⁴ divided by the golden ratio: Fibonacci hashing (Knuth, TAOCP 3, §6.4)."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Arms:
    """n arms by their codes; arms with an equal code share that effect.

    market: (n,). context: (n, c), such as placement, segment and daypart; with the market
    they name the cell. creative: (n,), the idea, which several cells may show.
    attributes: (n, a), one column an attribute; -1 where an arm doesn't have it.
    tags: (n, t) codes of audience tags, -1 for none. age: (n,) how long the creative has been
    shown, 0 when new and 1 at a campaign's usual end.
    """

    market: Ints
    context: Ints
    creative: Ints
    attributes: Ints
    tags: Ints = field(default_factory=lambda: np.empty((0, 0), dtype=np.int64))
    age: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def cell(self) -> Ints:
        """Code of market × context, (n,), from 0 in order of market, then context."""
        return distinct(self.market, self.context)

    @property
    def place(self) -> Ints:
        """Code of cell × creative, (n,): rows of equal code are the same ad."""
        return distinct(self.cell, self.creative[:, None])


def distinct(first: Ints, others: Ints) -> Ints:
    """A code from 0 for each distinct row of (n,) beside (n, c), in their order."""
    rows = np.column_stack([first, others])
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def coded(names: Sequence[str]) -> Ints:
    """Names as codes, (n,), in alphabetical order from 0; the empty name is -1."""
    order = {name: code for code, name in enumerate(sorted(set(names) - {""}))}
    return np.array([order.get(name, -1) for name in names], dtype=np.int64)


def hashed(codes: Ints, buckets: int = TAG_BUCKETS) -> Ints:
    """Many codes in few buckets; -1 stays. Weinberger et al., Feature hashing (2009)."""
    with np.errstate(over="ignore"):
        mixed = (codes.astype(np.uint64) * np.uint64(GOLDEN)) >> np.uint64(40)
    return np.where(codes < 0, -1, (mixed % np.uint64(buckets)).astype(np.int64))


def encode(
    *,
    market: Sequence[str],
    placement: Sequence[str],
    creative: Sequence[str],
    attributes: Sequence[Mapping[str, str]],
    context: Mapping[str, Sequence[str]] | None = None,
) -> Arms:
    """Arms from their names, each sequence of length n.

    Codes don't depend on the order of arms. An attribute or a further context that is the
    same everywhere says nothing and gets no column.
    """
    names = sorted({name for mapping in attributes for name in mapping})
    columns = [coded([mapping.get(name, "") for mapping in attributes]) for name in names]
    further = [coded(values) for _, values in sorted((context or {}).items())]
    return Arms(
        market=coded(market),
        context=np.column_stack([coded(placement), *_telling(further)]),
        creative=coded(creative),
        attributes=_stacked(_telling(columns), len(market)),
    )


def _telling(columns: Sequence[Ints]) -> list[Ints]:
    return [column for column in columns if len(np.unique(column)) > 1]


def _stacked(columns: Sequence[Ints], n_rows: int) -> Ints:
    return np.column_stack(columns) if columns else np.empty((n_rows, 0), dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviations of effects on the logit of the click-through rate.

    Within a cell, ads differ by 0.21 to 0.25 in large sets of randomised headline tests;
    `within` is that total, and the shares say where it comes from.
    """

    base_rate: float = 0.013
    intercept: float = 1.0
    market: float = 0.3
    context: float = 0.23
    cell: float = 0.10
    tag: float = 0.05
    age: float = 0.25
    creative_age: float = 0.20
    within: float = 0.25
    attribute_share: float = 0.40
    """Share of `within` squared that attributes carry in every market alike."""
    attribute_market_share: float = 0.22
    attribute_context_share: float = 0.08
    creative_share: float = 0.13
    creative_market_share: float = 0.12
    residual_share: float = 0.05

    @property
    def base_logit(self) -> float:
        """Prior mean of the intercept."""
        return float(np.log(self.base_rate / (1 - self.base_rate)))

    def variances(self, n_attributes: int, n_contexts: int = 1) -> Floats:
        """Prior variance of each of `GROUPS`; attributes share theirs equally."""
        within, each = self.within**2, max(n_attributes, 1)
        return np.array(
            [
                self.intercept**2,
                self.market**2,
                self.context**2,
                self.cell**2,
                within * self.attribute_share / each,
                within * self.attribute_market_share / each,
                within * self.attribute_context_share / (each * max(n_contexts, 1)),
                self.tag**2,
                self.age**2,
                self.creative_age**2,
                within * self.creative_share,
                within * self.creative_market_share,
                within * self.residual_share,
            ]
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Level:
    """Effects of one nested family.

    of: (n,) the group of each row. parent: (g,) the group above; empty at the top.
    gather: (g, k) sums over the k groups of the level below, or over the rows.
    family: index into `GROUPS`.
    """

    of: Ints
    parent: Ints
    gather: sparse.csr_array
    family: int

    @property
    def size(self) -> int:
        """Number of groups, g."""
        return int(self.gather.shape[0])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Design:
    """Every effect of n arms: columns of X, and nested effects that need none.

    matrix: X, (n, d). group: (d,), family of each column. levels: the nested
    families, each within the one before. variances: of each of `GROUPS`.
    mean: prior mean of the columns' weights, (d,).
    """

    matrix: Matrix
    group: Ints
    levels: tuple[Level, ...]
    variances: Floats
    mean: Floats

    @property
    def precision(self) -> Floats:
        """Prior precision of each column's weight, (d,)."""
        return np.asarray(1.0 / self.variances[self.group])

    def level_variance(self, level: Level) -> float:
        """Prior variance of a nested family."""
        return float(self.variances[level.family])


def indicators(codes: Ints) -> sparse.csr_array:
    """(n,) codes → (n, k), one column a distinct code; negative codes get none."""
    present, columns = np.unique(codes, return_inverse=True)
    skipped = int((present < 0).sum())
    held = np.flatnonzero(codes >= 0)
    shape = (len(codes), len(present) - skipped)
    places = (held, columns.reshape(-1)[held] - skipped)
    return sparse.csr_array((np.ones(len(held)), places), shape=shape)


def crossed(first: Ints, second: Ints) -> Ints:
    """One code a pair of codes, (n,); -1 where the second is negative."""
    width = int(second.max(initial=0)) + 1
    return np.where(second < 0, -1, first * width + second)


def design(arms: Arms, spread: Spread) -> Design:
    """Every effect of `GROUPS` for n arms.

    The number of columns grows with attributes × (markets + contexts), not with creatives.
    """
    blocks = [(FIXED.index(name), block) for name, block in _blocks(arms) if block.shape[1]]
    group = np.concatenate(
        [np.full(block.shape[1], index, dtype=np.int64) for index, block in blocks]
    )
    mean = np.zeros(len(group))
    mean[0] = spread.base_logit
    matrix = sparse.csr_array(sparse.hstack([block for _, block in blocks], format="csr"))
    small = matrix.shape[0] * matrix.shape[1] <= MOST_DENSE
    variances = spread.variances(arms.attributes.shape[1], arms.context.shape[1])
    levels = _levels(arms)
    if len(levels) < len(NESTED):
        variances[GROUPS.index("creative_market")] += variances[GROUPS.index("creative")]
    return Design(
        matrix=matrix.toarray() if small else matrix,
        group=group,
        levels=levels,
        variances=variances,
        mean=mean,
    )


def _blocks(arms: Arms) -> Iterator[tuple[str, sparse.csr_array]]:
    """Families with their columns."""
    contexts = [column for column in arms.context.T if len(np.unique(column)) > 1]
    yield "intercept", indicators(np.zeros(len(arms.market), dtype=np.int64))
    yield "market", indicators(arms.market)
    for column in contexts:
        yield "context", indicators(column)
    yield "cell", indicators(arms.cell)
    for column in arms.attributes.T:
        yield "attribute", indicators(column)
        yield "attribute_market", indicators(crossed(arms.market, column))
        for place in contexts:
            yield "attribute_context", indicators(crossed(place, column))
    for column in hashed(arms.tags).T:
        yield "tag", indicators(column)
    if arms.age.any():
        yield "age", sparse.csr_array(arms.age[:, None])
        yield "creative_age", indicators(arms.creative).multiply(arms.age[:, None]).tocsr()


def _levels(arms: Arms) -> tuple[Level, ...]:
    """Idea ⊃ idea in a market ⊃ ad; ideas that only one market has are a single level."""
    creative = distinct(arms.creative, np.empty((len(arms.creative), 0), dtype=np.int64))
    market = distinct(creative, arms.market[:, None])
    chain = [("creative", creative), ("creative_market", market), ("residual", arms.place)]
    if creative.max(initial=-1) == market.max(initial=-1):
        chain = chain[1:]
    found: list[Level] = []
    below = None
    for index in range(len(chain) - 1, -1, -1):
        name, of = chain[index]
        found.append(
            Level(
                of=of,
                parent=_parents(of, chain[index - 1][1]) if index else NONE,
                gather=_sums(of if below is None else _parents(below, of)),
                family=GROUPS.index(name),
            )
        )
        below = of
    return tuple(reversed(found))


def _parents(of: Ints, above: Ints) -> Ints:
    """The group above each group, from those of the rows."""
    parent = np.zeros(int(of.max(initial=-1)) + 1, dtype=np.int64)
    parent[of] = above
    return parent


def _sums(groups: Ints) -> sparse.csr_array:
    """The matrix that adds up what belongs to each group."""
    places = (groups, np.arange(len(groups)))
    shape = (int(groups.max(initial=-1)) + 1, len(groups))
    return sparse.csr_array((np.ones(len(groups)), places), shape=shape)

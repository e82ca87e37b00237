"""Counts that add: days, regions and machines merge in any order, without their raw rows.

A binomial model learns from a cell's impressions and clicks alone, so totals by key are
sufficient statistics. Addition of totals is associative and commutative and has a neutral
element: whoever has reduced its own events can hand over a small table, and the sum is what
one machine would have got from all events. (Fisher–Neyman factorisation: Casella & Berger,
Statistical Inference, 2nd ed., theorem 6.2.6.)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.bandit.features import Ints

Names: TypeAlias = Sequence[str] | NDArray[np.str_]

LARGEST = 2**62
"""Radix products and totals stay below this, far from the end of 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """Totals of m measures for n distinct keys of k columns, in one canonical order.

    columns, measures: their names, of length k and m.
    levels: the names that occur in each column, sorted.
    codes: (n, k) indices into `levels`, in lexicographic order of rows, without repetition.
    totals: (n, m), at least 0; a key whose totals are all 0 isn't kept.
    """

    columns: tuple[str, ...]
    measures: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: Ints
    totals: Ints

    @classmethod
    def empty(cls, columns: Sequence[str], measures: Sequence[str]) -> Counts:
        """The neutral element: nothing was counted."""
        return cls(
            columns=tuple(columns),
            measures=tuple(measures),
            levels=((),) * len(columns),
            codes=np.empty((0, len(columns)), dtype=np.int64),
            totals=np.empty((0, len(measures)), dtype=np.int64),
        )

    @classmethod
    def of_names(cls, keys: Mapping[str, Names], measures: Mapping[str, Ints]) -> Counts:
        """From N rows, a sequence of names for each column and an array for each measure."""
        coded = [np.unique(np.asarray(names, dtype=np.str_), return_inverse=True)
                 for names in keys.values()]  # fmt: skip
        levels = [tuple(str(name) for name in distinct) for distinct, _ in coded]
        codes = np.column_stack([index.reshape(-1) for _, index in coded]).astype(np.int64)
        return cls.of_codes(dict(zip(keys, levels, strict=True)), codes, measures)

    @classmethod
    def of_codes(
        cls, levels: Mapping[str, Sequence[str]], codes: Ints, measures: Mapping[str, Ints]
    ) -> Counts:
        """From N rows of codes, (N, k), into the names of each column, with (N,) measures."""
        totals = np.column_stack([np.asarray(each) for each in measures.values()])
        if not np.issubdtype(totals.dtype, np.integer):
            raise ValueError(f"{', '.join(measures)}: counts must be whole numbers.")
        if totals.size and totals.min() < 0:
            raise ValueError(f"{', '.join(measures)}: counts can't be negative.")
        if totals.astype(np.float64).sum() >= LARGEST:
            raise ValueError(f"{', '.join(measures)}: the total passes 2^62; check the counts.")
        kept_codes, kept_totals = summed(codes, totals.astype(np.int64))
        return _canonical(tuple(levels), tuple(measures), tuple(map(tuple, levels.values())),
                          kept_codes, kept_totals)  # fmt: skip

    def __add__(self, other: Counts) -> Counts:
        """Everything that either has counted."""
        if (self.columns, self.measures) != (other.columns, other.measures):
            raise ValueError(
                f"Counts of {_shape(self)} can't be added to counts of {_shape(other)}."
            )
        both = [tuple(sorted({*a, *b}))
                for a, b in zip(self.levels, other.levels, strict=True)]  # fmt: skip
        codes = np.vstack([_recoded(self, both), _recoded(other, both)])
        totals = np.vstack([self.totals, other.totals])
        measures = dict(zip(self.measures, totals.T, strict=True))
        return Counts.of_codes(dict(zip(self.columns, both, strict=True)), codes, measures)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counts) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def over(self, *columns: str) -> Counts:
        """The same counts by fewer columns, in the given order."""
        chosen = [self.columns.index(name) for name in columns]
        levels = {name: self.levels[index] for name, index in zip(columns, chosen, strict=True)}
        measures = dict(zip(self.measures, self.totals.T, strict=True))
        return Counts.of_codes(levels, self.codes[:, chosen], measures)

    def rows(self) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
        """Each key in names with its totals."""
        return [
            (
                tuple(names[code] for names, code in zip(self.levels, key, strict=True)),
                tuple(totals),
            )
            for key, totals in zip(self.codes.tolist(), self.totals.tolist(), strict=True)
        ]

    def totals_of(self, keys: Iterable[Sequence[str]]) -> Ints:
        """Totals in the order of `keys`, (len(keys), m), as `fit` takes them; 0 for unknown."""
        known = dict(self.rows())
        none = (0,) * len(self.measures)
        found = [known.get(tuple(key), none) for key in keys]
        return np.array(found, dtype=np.int64).reshape(len(found), len(self.measures))

    def to_json(self) -> bytes:
        """Canonical JSON in UTF-8: equal counts have equal bytes."""
        content = {
            "columns": self.columns,
            "measures": self.measures,
            "levels": self.levels,
            "codes": self.codes.tolist(),
            "totals": self.totals.tolist(),
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Counts:
        """What `to_json` wrote, brought into canonical order whoever wrote it."""
        try:
            stored = json.loads(content)
            levels = dict(zip(stored["columns"], stored["levels"], strict=True))
            codes, totals = stored["codes"], stored["totals"]
            coded = _table(codes, shape=(len(totals), len(levels)))
            _refuse_strange_codes(levels, coded)
            columns = _table(totals, shape=(len(codes), len(stored["measures"]))).T
            measures = dict(zip(stored["measures"], columns, strict=True))
            return cls.of_codes(levels, coded, measures)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"This is no table of counts: {error}") from error


def merged(
    parts: Iterable[Counts], *, columns: Sequence[str], measures: Sequence[str]
) -> Counts:
    """The sum of all parts; of none, the empty counts."""
    return reduce(Counts.__add__, parts, Counts.empty(columns, measures))


def summed(codes: Ints, totals: Ints) -> tuple[Ints, Ints]:
    """Distinct rows of codes, (N, k), in lexicographic order, with sums of totals, (N, m).

    A row packs into one number where the product of the columns' ranges is small enough.
    """
    if not len(codes):
        return codes, totals
    sizes = [int(size) + 1 for size in codes.max(axis=0)]
    if float(np.prod([float(size) for size in sizes])) >= LARGEST:
        order = np.lexsort(codes.T[::-1])
        ranked = codes[order]
        changes = (ranked[1:] != ranked[:-1]).any(axis=1)
    else:
        packed = np.ravel_multi_index(tuple(codes.T), tuple(sizes))
        order = np.argsort(packed)
        ranked = packed[order]
        changes = ranked[1:] != ranked[:-1]
    starts = np.flatnonzero(np.r_[True, changes])
    sums = [np.add.reduceat(column[order], starts) for column in totals.T]
    return codes[order[starts]], np.column_stack(sums)


def _canonical(
    columns: tuple[str, ...],
    measures: tuple[str, ...],
    levels: tuple[tuple[str, ...], ...],
    codes: Ints,
    totals: Ints,
) -> Counts:
    """Sorted levels without those that don't occur, and no rows of zeros."""
    counted = totals.any(axis=1)
    codes, totals = codes[counted], totals[counted]
    present = [
        sorted({names[code] for code in np.unique(column)})
        for names, column in zip(levels, codes.T, strict=True)
    ]
    table = Counts(
        columns=columns, measures=measures, levels=levels, codes=codes, totals=totals
    )
    codes, totals = summed(_recoded(table, present), totals)
    return Counts(
        columns=columns,
        measures=measures,
        levels=tuple(map(tuple, present)),
        codes=codes,
        totals=totals,
    )


def _recoded(counts: Counts, levels: Sequence[Sequence[str]]) -> Ints:
    """The codes of `counts` as indices into other levels, which hold all that occur."""
    recoded = np.empty_like(counts.codes)
    for index, (old, new) in enumerate(zip(counts.levels, levels, strict=True)):
        place = {name: code for code, name in enumerate(new)}
        table = np.array([place.get(name, -1) for name in old], dtype=np.int64)
        recoded[:, index] = table[counts.codes[:, index]] if len(old) else -1
    return recoded


def _table(rows: Sequence[Sequence[int]], *, shape: tuple[int, int]) -> Ints:
    """Rows of whole numbers; anything else is left for the checks to refuse."""
    return np.array(rows, dtype=None if rows else np.int64).reshape(shape)


def _refuse_strange_codes(levels: Mapping[str, Sequence[str]], codes: Ints) -> None:
    for names, column in zip(levels.values(), codes.T, strict=True):
        if column.dtype != np.int64:
            raise ValueError("Codes must be whole numbers.")
        if column.size and not 0 <= column.min() <= column.max() < len(names):
            raise ValueError("A code stands for no name.")


def _shape(counts: Counts) -> str:
    return f"{', '.join(counts.measures)} by {', '.join(counts.columns)}"

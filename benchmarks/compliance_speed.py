"""How many drafts are written and creatives checked per second, and how both grow.

    python benchmarks/compliance_speed.py

One process on one core. No two creatives have the same headline or the same body: every phrase
of a market in every combination, each with a made-up name of its own. Button, price line and
small print are a campaign's, as they are in life. `new` checks creatives for the first time,
after the packs were warmed, and no row has a creative that an earlier row had; sentences within
a body come again. `seen` checks them again, as drafts and exports are. What is known of a text
is remembered for the last 16,384 texts: a campaign of 10,000 creatives, which has some 20,000
texts, is new again by the time it is seen. Times are of the process, yet other work on the
machine slows them. The machine's own speed is told by a fixed piece of work (SHA-256 of 64 MB)
in the same run, so that runs on other machines can be compared.
"""

from __future__ import annotations

import hashlib
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice, product
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from studio.compliance.engine import check  # noqa: E402
from studio.copywriting.model import CopyRequest  # noqa: E402
from studio.copywriting.phrasebook_model import PhrasebookModel  # noqa: E402
from studio.domain.brief import Brief  # noqa: E402
from studio.domain.creative import Creative, CreativeId  # noqa: E402
from studio.domain.placement import Placement  # noqa: E402
from studio.markets.library import MarketLibrary  # noqa: E402
from studio.markets.pack import MarketPack  # noqa: E402
from studio.platforms.specs import load_placements  # noqa: E402
from studio.workflows.markets import Markets, sample_brief, sample_creative  # noqa: E402

TABLE = Path(__file__).with_suffix(".md")
CATEGORY = "rice_cooker"
SIZES = (100, 1_000, 10_000, 100_000)
ROUNDS = 3
MANY = 10_000
"""So many creatives, or more, are seen again only once."""
DRAFTS = 40
WARMING = 1_000
SYLLABLES = tuple(a + b for a in "kvzbg" for b in "aouei")
NAME_SYLLABLES = 4
OTHERS = 24
"""So many second headlines end each body, to make bodies that no other creative has."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One creative to be checked."""

    creative: Creative
    brief: Brief
    pack: MarketPack


def unlike_creatives(
    library: MarketLibrary, locale: str, placement: Placement
) -> Iterator[Case]:
    """Creatives of one market, no two with the same headline or the same body."""
    markets = Markets(
        library=library, check=check, placement=placement, missing_glyphs=lambda *_: ""
    )
    copies = [copy for _, _, copy in markets.sample_copies(locale, CATEGORY)]
    pack = library.pack(locale)
    brief = sample_brief(pack, CATEGORY)
    headlines = list(dict.fromkeys(copy.headline for copy in copies))
    bodies = list(dict.fromkeys(copy.body for copy in copies))
    sound = copies[0]
    for number, (body, headline, other) in enumerate(
        product(bodies, headlines, headlines[:OTHERS])
    ):
        name = made_up_name(number)
        copy = replace(sound, headline=f"{headline} {name}", body=f"{body} {other} {name}")
        creative = sample_creative(copy, brief, pack, placement)
        yield Case(
            creative=replace(creative, id=CreativeId(str(number))), brief=brief, pack=pack
        )


def made_up_name(number: int) -> str:
    """A word that means nothing anywhere, another for each number: `Vozuka`."""
    syllables = []
    for _ in range(NAME_SYLLABLES):
        number, index = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[index])
    return "".join(syllables).capitalize()


class Supply:
    """Creatives that were not handed out before."""

    def __init__(self, library: MarketLibrary, placement: Placement) -> None:
        """Nothing is made before it is asked for."""
        self.library = library
        self.placement = placement
        self.streams: dict[str, Iterator[Case]] = {}

    def take(self, locales: Sequence[str], size: int) -> list[Case]:
        """So many creatives, the markets in turn; an error where there are no more."""
        turns = cycle([self._stream(locale) for locale in locales])
        return [next(stream) for stream in islice(turns, size)]

    def _stream(self, locale: str) -> Iterator[Case]:
        if locale not in self.streams:
            self.streams[locale] = unlike_creatives(self.library, locale, self.placement)
        return self.streams[locale]


def checks_per_second(cases: Sequence[Case], placement: Placement) -> float:
    """On CPU time of this process."""
    started = time.process_time()
    for case in cases:
        check(case.creative, brief=case.brief, pack=case.pack, placement=placement)
    return len(cases) / (time.process_time() - started)


def new_and_seen(cases: Sequence[Case], placement: Placement) -> str:
    """Two cells: checks per second the first time, and again (the median of the rounds)."""
    new = checks_per_second(cases, placement)
    rounds = ROUNDS if len(cases) < MANY else 1
    seen = statistics.median(checks_per_second(cases, placement) for _ in range(rounds))
    return f"{new:,.0f} | {seen:,.0f}"


def drafts_per_second(library: MarketLibrary, locales: Sequence[str]) -> float:
    """Copy drafts of the built-in text model, all angles and markets in turn."""
    placements = tuple(load_placements().values())
    model = PhrasebookModel()
    requests = [
        CopyRequest(
            brief=sample_brief(library.pack(locale), CATEGORY),
            pack=library.pack(locale),
            placements=placements,
            angle=appeal.angle,
            variant="v1",
            seed=seed,
        )
        for seed in range(DRAFTS // 10)
        for locale in locales
        for appeal in library.pack(locale).appeals[:10]
    ]
    rates = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for request in requests:
            model.write(request)
        rates.append(len(requests) / (time.process_time() - started))
    return statistics.median(rates)


def yardstick() -> float:
    """Megabytes hashed per second: how fast this core is today."""
    block = bytes(64 * 1024 * 1024)
    started = time.process_time()
    hashlib.sha256(block).digest()
    return 64 / (time.process_time() - started)


def memory_mb() -> float:
    """Most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Write the table."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    library = MarketLibrary()
    placement = load_placements()["meta_feed_4x5"]
    every = library.locales()
    supply = Supply(library, placement)
    rows = []
    for count in (1, 4, 10, len(every)):
        started = time.process_time()
        locales = every[:: max(1, len(every) // count)][:count]
        for locale in locales:
            library.pack(locale)
        loading = time.process_time() - started
        cases = supply.take(locales, WARMING + 2_000)
        started = time.process_time()
        checks_per_second(cases[:WARMING], placement)
        warming = time.process_time() - started
        drafts = drafts_per_second(library, locales)
        rates = new_and_seen(cases[WARMING:], placement)
        rows.append(
            f"| {count} | {drafts:,.0f} | {rates} | {loading:.2f} | {warming:.2f} "
            f"| {memory_mb():,.0f} |"
        )
        print(rows[-1], flush=True)
    growth = []
    for size in SIZES:
        cases = supply.take(every, size)
        rates = new_and_seen(cases, placement)
        growth.append(f"| {size:,} | {rates} | {memory_mb():,.0f} |")
        print(growth[-1], flush=True)
    text = "\n".join(
        [
            "# How fast copy is written and checked", "", (__doc__ or "").strip(), "",
            f"Python {platform.python_version()}, yardstick {yardstick():,.0f} MB/s.", "",
            "| markets | drafts/s | checks/s, new | seen | loading new packs, s "
            f"| first {WARMING:,} checks, s | memory, MB |",
            "|---|---|---|---|---|---|---|", *rows, "",
            "| creatives, all markets | checks/s, new | seen | memory, MB |",
            "|---|---|---|---|", *growth, "",
        ]
    )  # fmt: skip
    TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

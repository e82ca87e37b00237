"""Ads on our own placements: beliefs become snapshots, and events become deliveries."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from studio.bandit.budget import even_shares, temper
from studio.bandit.features import Floats, Ints, Spread, coded, design, encode
from studio.bandit.posterior import fit
from studio.bandit.snapshot import Snapshot, floored, tempered_wins
from studio.bandit.statistics import Counts, merged
from studio.domain.brief import Brief, Slug
from studio.domain.creative import Copy, Creative, Status
from studio.domain.delivery import Ad, AdId, Cell, Delivery, ImportCount
from studio.domain.event import OWN, Decision, EventKind, EventStatus, EventTotal
from studio.domain.money import Money
from studio.domain.person import Person, Right
from studio.domain.seeds import derive_seed
from studio.errors import InputError, NotFound

COLUMNS = ("ad", "market", "placement", "day")
MEASURES = ("impressions", "clicks")
UNIFORM_BITS = 53


class ServingStore(Protocol):
    """The part of `studio.store.repository` that serving needs."""

    def brief(self, slug: str) -> Brief: ...
    def creatives(self, slug: str) -> tuple[Creative, ...]: ...
    def ads(self, slug: str) -> tuple[Ad, ...]: ...
    def save_ads(self, slug: str, ads: Iterable[Ad]) -> None: ...
    def deliveries(self, slug: str) -> tuple[Delivery, ...]: ...
    def replace_deliveries(self, slug: str, deliveries: Iterable[Delivery]) -> ImportCount: ...


class EventTotals(Protocol):
    """The part of `studio.store.events` that serving reads."""

    def totals(self, campaign: str) -> tuple[EventTotal, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedAd:
    """What a site needs to show an ad."""

    id: AdId
    cell: Cell
    copy: Copy
    picture_sha256: str
    media_type: str
    width_px: int
    height_px: int
    landing_url: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Serving:
    """All that decisions about one campaign need, unchanging.

    A request takes one `Serving` and keeps to it, so nothing it answers is from two.
    """

    campaign: Slug
    snapshot: Snapshot
    cells: Mapping[Cell, int]
    """Cells by their index in the snapshot."""
    ads: tuple[ServedAd, ...]
    """In the snapshot's order."""
    landing_urls: Mapping[AdId, str]
    """Of every ad that was ever served, since clicks outlive a snapshot."""

    def decide(self, cell: Cell, *, at_ms: int) -> tuple[Decision, ServedAd]:
        """An ad for one visitor to `cell`, drawn with the operating system's randomness."""
        if cell not in self.cells:
            offered = ", ".join(sorted(map(str, self.cells)))
            raise NotFound(
                f"context: campaign {self.campaign} has no live ad in {cell}; "
                f"it has some in {offered}."
            )
        uniform = secrets.randbits(UNIFORM_BITS) / 2**UNIFORM_BITS
        index, propensity = self.snapshot.decide(self.cells[cell], uniform)
        ad = self.ads[index]
        decision = Decision(
            id=f"{at_ms:012x}{secrets.token_hex(8)}",
            campaign=self.campaign,
            ad_id=ad.id,
            cell=cell,
            propensity=propensity,
            snapshot=self.snapshot.hash[:16],
            at_ms=at_ms,
        )
        return decision, ad


@dataclass(slots=True)
class Roster:
    """The campaigns that are being served; each is swapped as one reference, without a lock."""

    _servings: dict[str, Serving] = field(default_factory=dict)

    def swap(self, serving: Serving) -> None:
        """From now on, decide by `serving`; decisions under way keep the one they took."""
        self._servings = self._servings | {serving.campaign: serving}

    def drop(self, slug: str) -> None:
        """Serve the campaign no longer."""
        self._servings = {name: each for name, each in self._servings.items() if name != slug}

    def of(self, slug: str) -> Serving:
        """What decisions about a campaign are made from at this moment."""
        try:
            return self._servings[slug]
        except KeyError:
            raise NotFound(
                f"campaign: {slug[:80]!r} isn't served here; start it with "
                "`studio serve-decisions`, and see that it has live creatives."
            ) from None

    def all(self) -> tuple[Serving, ...]:
        """Every campaign."""
        return tuple(self._servings.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDesk:
    """Prepares what is served and takes home what was counted.

    counts_dir: tables of other machines and regions, `<slug>/<region>.json`, as `counts`
    gives them there; each file is that region's total so far and replaces its earlier one.
    """

    store: ServingStore
    events: EventTotals
    snapshots_dir: Path
    counts_dir: Path
    clock: Callable[[], datetime]
    draws: int = 2000

    def refresh(self, slug: str, person: Person) -> Serving:
        """Settle what was counted, learn from it, and write a snapshot for all processes.

        Raises `NotFound` if the campaign has no live creative.
        """
        self.register(slug, person)
        self.settle(slug, person)
        serving = self._served(slug, self._snapshot(slug))
        file = self._file(slug)
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        unfinished.write_bytes(serving.snapshot.to_bytes())
        unfinished.replace(file)
        return serving

    def load(self, slug: str) -> Serving:
        """The snapshot that another process wrote last."""
        try:
            snapshot = Snapshot.from_bytes(self._file(slug).read_bytes())
        except FileNotFoundError as error:
            raise InputError(
                f"{slug} has no snapshot yet; run `studio serve-decisions` without --follow."
            ) from error
        except ValueError as error:
            raise InputError(f"{self._file(slug)}: {error}") from error
        return self._served(slug, snapshot)

    def register(self, slug: str, person: Person) -> None:
        """Give every live creative an ad of our own platform."""
        person.require(Right.EXPORT)
        known = {ad.id for ad in self.store.ads(slug)}
        live = [each for each in self.store.creatives(slug) if each.status is Status.LIVE]
        if not live:
            raise NotFound(
                f"Campaign {slug} has no live creatives to serve: approve and export some."
            )
        new = [ad for ad in map(own_ad, live) if ad.id not in known]
        if new:
            self.store.save_ads(slug, new)

    def settle(self, slug: str, person: Person) -> ImportCount:
        """Counted events of every region as daily deliveries, in place of those before."""
        person.require(Right.IMPORT)
        currency = self.store.brief(slug).budget.daily.currency
        nothing = Money(currency=currency, amount_minor=0)
        own = {ad.id: ad for ad in self.store.ads(slug) if ad.platform == OWN}
        deliveries = [
            Delivery(
                ad_id=AdId(ad),
                day=date.fromisoformat(day),
                cell=own[AdId(ad)].cell,
                impressions=impressions,
                clicks=clicks,
                conversions=0,
                spend=nothing,
            )
            for (ad, day), (impressions, clicks) in self._everywhere(slug)
            .over("ad", "day")
            .rows()
            if AdId(ad) in own
        ]
        return self.store.replace_deliveries(slug, deliveries)

    def counts(self, slug: str) -> Counts:
        """What this machine has counted, for adding up elsewhere; no event leaves with it."""
        return counts_of(self.events.totals(slug))

    def _everywhere(self, slug: str) -> Counts:
        files = sorted((self.counts_dir / slug).glob("*.json"))
        regions = [_counts_in(file) for file in files]
        return merged([self.counts(slug), *regions], columns=COLUMNS, measures=MEASURES)

    def _snapshot(self, slug: str) -> Snapshot:
        """Propensities of the live own ads from everything the campaign has learnt."""
        brief = self.store.brief(slug)
        creatives = {creative.id: creative for creative in self.store.creatives(slug)}
        arms = [
            (ad, creative)
            for ad in self.store.ads(slug)
            if (creative := creatives.get(ad.creative_id)) is not None
            and creative.content_hash == ad.content_hash
            and creative.status in (Status.LIVE, Status.PAUSED)
        ]
        totals = delivered(self.store.deliveries(slug)).totals_of([(ad.id,) for ad, _ in arms])
        served = np.array([ad.platform == OWN and it.status is Status.LIVE for ad, it in arms])
        live = [ad for (ad, _), is_live in zip(arms, served, strict=True) if is_live]
        cells = sorted({str(ad.cell) for ad in live})
        cell = coded([str(ad.cell) for ad in live])
        if totals.any():
            wins = self._wins(brief, arms, totals, served=served)
        else:
            wins = even_shares(cell)
        shares = floored(wins, cell=cell, floor_share=brief.budget.floor_share)
        return Snapshot.of_shares(shares, cell=cell, cells=cells, arms=[ad.id for ad in live])

    def _wins(
        self,
        brief: Brief,
        arms: list[tuple[Ad, Creative]],
        totals: Ints,
        *,
        served: NDArray[np.bool_],
    ) -> Floats:
        """Probability of being the best of its cell for each served arm.

        Equal counts give an equal snapshot, whoever computes it.
        """
        features = design(
            encode(
                market=[ad.cell.market for ad, _ in arms],
                placement=[ad.cell.placement for ad, _ in arms],
                creative=[f"{ad.cell.market}/{creative.variant}" for ad, creative in arms],
                attributes=[creative.attributes for _, creative in arms],
            ),
            Spread(),
        )
        elapsed = (self.clock().date() - brief.launch).days / max(brief.budget.days - 1, 1)
        content = sha256(totals.tobytes()).hexdigest()
        return tempered_wins(
            fit(features, clicks=totals[:, 1], impressions=totals[:, 0]),
            np.flatnonzero(served),
            cell=coded([str(ad.cell) for (ad, _), it in zip(arms, served, strict=True) if it]),
            alpha=temper(elapsed),
            n_draws=self.draws,
            rng=np.random.default_rng(derive_seed(brief.slug, "snapshot", brief.seed, content)),
        )

    def _served(self, slug: str, snapshot: Snapshot) -> Serving:
        creatives = {creative.id: creative for creative in self.store.creatives(slug)}
        own = [
            (ad, creatives[ad.creative_id])
            for ad in self.store.ads(slug)
            if ad.platform == OWN and ad.creative_id in creatives
        ]
        shown = {
            ad.id: served_ad(ad, creative)
            for ad, creative in own
            if creative.status is Status.LIVE and creative.content_hash == ad.content_hash
        }
        gone = [arm for arm in snapshot.arms if AdId(arm) not in shown]
        if gone:
            raise InputError(
                f"{slug}: the snapshot shows {gone[0]}, which isn't live as it was approved; "
                "wait for the next snapshot."
            )
        ads = tuple(shown[AdId(arm)] for arm in snapshot.arms)
        return Serving(
            campaign=Slug(slug),
            snapshot=snapshot,
            cells={
                ads[int(first)].cell: index for index, first in enumerate(snapshot.first[:-1])
            },
            ads=ads,
            landing_urls={ad.id: creative.landing_url for ad, creative in own},
        )

    def _file(self, slug: str) -> Path:
        return self.snapshots_dir / f"{slug}.npz"


def own_ad(creative: Creative) -> Ad:
    """The ad under which our own server shows a creative."""
    return Ad(
        id=AdId(f"{OWN}-{creative.id}-{creative.content_hash[:8]}"),
        creative_id=creative.id,
        cell=Cell(market=creative.market, placement=creative.placement),
        platform=OWN,
        content_hash=creative.content_hash,
        variant=creative.variant,
        attributes=creative.attributes,
    )


def served_ad(ad: Ad, creative: Creative) -> ServedAd:
    """An ad with what its creative shows."""
    rendition = creative.rendition
    return ServedAd(
        id=ad.id,
        cell=ad.cell,
        copy=creative.copy,
        picture_sha256=rendition.sha256,
        media_type=rendition.media_type,
        width_px=rendition.width_px,
        height_px=rendition.height_px,
        landing_url=creative.landing_url,
    )


def counts_of(totals: Iterable[EventTotal]) -> Counts:
    """Events that count, by ad, cell and day."""
    tally: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for total in totals:
        if total.status is EventStatus.COUNTED and total.kind is not EventKind.DECISION:
            cell = total.cell
            key = (str(total.ad_id), str(cell.market), cell.placement, total.day.isoformat())
            tally[key][total.kind is EventKind.CLICK] += total.count
    if not tally:
        return Counts.empty(COLUMNS, MEASURES)
    keys = list(zip(*tally, strict=True))
    impressions, clicks = np.array(list(tally.values()), dtype=np.int64).T
    return Counts.of_names(
        dict(zip(COLUMNS, keys, strict=True)), {"impressions": impressions, "clicks": clicks}
    )


def delivered(deliveries: Iterable[Delivery]) -> Counts:
    """Impressions and clicks of every ad."""
    rows = [(str(row.ad_id), row.impressions, row.clicks) for row in deliveries]
    if not rows:
        return Counts.empty(("ad",), MEASURES)
    ads, impressions, clicks = zip(*rows, strict=True)
    return Counts.of_names(
        {"ad": ads}, {"impressions": np.array(impressions), "clicks": np.array(clicks)}
    )


def _counts_in(file: Path) -> Counts:
    try:
        counts = Counts.from_json(file.read_bytes())
    except ValueError as error:
        raise InputError(f"{file}: {error} Export it again in its region.") from error
    if (counts.columns, counts.measures) != (COLUMNS, MEASURES):
        raise InputError(f"{file}: it must count {MEASURES} by {COLUMNS}.")
    return counts

"""How far generation has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

from studio.domain.brief import Brief
from studio.domain.creative import Creative
from studio.domain.job import Job, JobState
from studio.ui.present.pieces import duration, empty_state, plural, status_pill

STATE_WORDS = {
    JobState.QUEUED: "Waiting for a worker",
    JobState.RUNNING: "Generating",
    JobState.DONE: "Done",
    JobState.FAILED: "Failed",
    JobState.CANCELLED: "Stopped",
}


def ads_planned(brief: Brief) -> str:
    """What generation will make, in a sentence."""
    placements = len(brief.placements)
    total = len(brief.markets) * brief.variants_per_market * placements
    return (
        f"{plural(len(brief.markets), 'market')} × "
        f"{plural(brief.variants_per_market, 'variant')} × {plural(placements, 'placement')} "
        f"= {plural(total, 'ad')}"
    )


def time_left(job: Job, *, now: datetime) -> timedelta | None:
    """Time to go at the pace so far; None while that can't be told."""
    if job.state is not JobState.RUNNING or not 0 < job.units_done < job.units_total:
        return None
    per_unit = (now - job.created_at) / job.units_done
    return per_unit * (job.units_total - job.units_done)


def progress_card(job: Job | None, *, now: datetime) -> str:
    """The job's bar, what is being done, and how long it takes; empty without a job."""
    if job is None:
        return ""
    share = job.units_done / job.units_total if job.units_total else 0.0
    counted = f"{job.units_done} of {job.units_total} variants" if job.units_total else ""
    left = time_left(job, now=now)
    facts = [counted, f"about {duration(left)} left" if left else "", _took(job)]
    return (
        f'<section class="progress is-{job.state}" role="status" aria-live="polite">'
        f"<h2>{STATE_WORDS[job.state]}</h2>"
        f'<p class="facts">{" · ".join(fact for fact in facts if fact)}</p>'
        f'<div class="bar" role="progressbar" aria-label="Generation" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{share * 100:.0f}">'
        f'<span style="width:{share * 100:.1f}%"></span></div>'
        f'<p class="quiet message">{escape(job.message)}</p></section>'
    )


def finished_ads(creatives: Sequence[Creative], *, markets: Sequence[str]) -> str:
    """The ads that are ready, by market in the brief's order."""
    if not creatives:
        return empty_state(
            "No ads yet", "The finished ads appear here one after the other as they are made."
        )
    order = dict.fromkeys([*markets, *(creative.market for creative in creatives)])
    groups = {market: [each for each in creatives if each.market == market] for market in order}
    return "".join(_market_row(market, ads) for market, ads in groups.items() if ads)


def _market_row(market: str, creatives: Sequence[Creative]) -> str:
    tiles = "".join(_tile(creative) for creative in creatives)
    return (
        f'<section class="market-row"><h3>{escape(market)} '
        f'<span class="quiet">{plural(len(creatives), "ad")}</span></h3>'
        f'<div class="tiles">{tiles}</div></section>'
    )


def _tile(creative: Creative) -> str:
    size = creative.rendition
    return (
        '<figure class="tile">'
        f'<img src="/files/{size.sha256}?width=320" loading="lazy" '
        f'style="aspect-ratio:{size.width_px}/{size.height_px}" '
        f'alt="{escape(creative.copy.gloss.headline)}">'
        f"<figcaption>{status_pill(creative.status)}</figcaption></figure>"
    )


def _took(job: Job) -> str:
    if not job.state.ended or job.beat_at is None:
        return ""
    return f"took {duration(job.beat_at - job.created_at)}"

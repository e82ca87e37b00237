"""The parts of a report, from the values that the workflows keep. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from babel import Locale as BabelLocale

from studio.domain.budget import BudgetPlan
from studio.domain.creative import Creative, Decision, Status, Verdict
from studio.domain.delivery import Ad, AdId, Cell
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.domain.rehearsal import RehearsalRecord
from studio.reporting.charts import (
    BudgetSeries,
    RatePanel,
    RateRow,
    ShareSeries,
    budget_bars,
    click_rates,
    share_areas,
    to_svg,
)
from studio.reporting.contact_sheet import Strip, Thumb, contact_sheet, to_jpeg
from studio.reporting.figures import Comparison, Ratio, Tally
from studio.reporting.page import CopyRow, Figure, MoveGroup, MoveRow, ReviewerRow
from studio.reporting.reasons import place_name
from studio.reporting.words import (
    idea_label,
    market_name,
    number,
    placement_name,
    plain,
    short_variant,
    signed,
)

SIMULATED = "simulated"
"""Word in the name of a reviewer who is no person."""


def headline_figures(
    comparison: Comparison,
    *,
    whole: Tally,
    currency: str,
    days: int,
    ads: int,
    estimated: bool,
) -> tuple[Figure, ...]:
    """The four numbers that lead the report; `whole` counts the holdout, too."""
    uplift, price = comparison.uplift, comparison.click_price_change
    against = "against an even split" + (", estimated" if estimated else "")
    spent = Money(currency=currency, amount_minor=round(whole.spend_minor))
    return (
        Figure(
            label="Click rate",
            value=signed(uplift.mean, digits=1) if uplift else "–",
            note=f"{against}; {interval(uplift)}" if uplift else "no clicks to compare yet",
        ),
        Figure(
            label="Price of a click",
            value=signed(price, digits=1) if price is not None else "–",
            note=f"{click_price(comparison, currency)} {against}" if price is not None else "",
        ),
        Figure(
            label="Clicks gained",
            value=f"{comparison.clicks_gained:+,.0f}".replace("-", "\N{MINUS SIGN}"),
            note=f"for the same money; {number(comparison.planned.clicks)} with the plans",
        ),
        Figure(
            label="Spent",
            value=money_words(spent),
            note=f"{days} days, {ads} ads, {number(whole.impressions)} views",
        ),
    )


def interval(ratio: Ratio) -> str:
    """`95 % interval +25.8 % to +29.0 %`."""
    low, high = signed(ratio.low, digits=1), signed(ratio.high, digits=1)
    return f"95\N{NO-BREAK SPACE}% interval {low} to {high}"


def click_price(comparison: Comparison, currency: str) -> str:
    """The price of a click now."""
    price = Money(currency=currency, amount_minor=round(comparison.planned.click_price_minor))
    return money_words(price)


def money_words(money: Money) -> str:
    """`16,800 USD` without cents from a thousand up, `0.45 USD` below."""
    amount = f"{money.amount:,.0f}" if money.amount >= 1000 else str(money).split()[0]
    return f"{amount}\N{NO-BREAK SPACE}{money.currency}"


def market_summary(comparison: Comparison) -> str:
    """One line under a market's name."""
    uplift = comparison.uplift
    counts = (
        f"{number(comparison.planned.impressions)} views, "
        f"{number(comparison.planned.clicks)} clicks"
    )
    if uplift is None:
        return f"{counts}."
    change = f"{signed(uplift.mean, digits=1)} click rate against an even split"
    return f"{counts}; {change} ({interval(uplift)})."


def expected_uplift(rehearsal: RehearsalRecord) -> str:
    """The uplift of the hidden click rates themselves, without the luck of the draw."""
    planned, even = (
        sum(outcome.expected_clicks for outcome in world) / max(impressions, 1)
        for world, impressions in (
            (rehearsal.planned, sum(one.impressions for one in rehearsal.planned)),
            (rehearsal.even, sum(one.impressions for one in rehearsal.even)),
        )
    )
    return signed(planned / even - 1, digits=1) if even else "unknown"


def text_direction(locale: Locale) -> str:
    """`ltr` or `rtl`."""
    order = BabelLocale.parse(locale, sep="-").character_order
    return "rtl" if order == "right-to-left" else "ltr"


def sheet_jpeg(creatives: Sequence[Creative], pictures: Mapping[str, bytes]) -> bytes:
    """The market's contact sheet: a strip an idea. `pictures` by the rendition's hash."""
    strips = []
    for variant in dict.fromkeys(creative.variant for creative in creatives):
        own = [creative for creative in creatives if creative.variant == variant]
        thumbs = tuple(
            Thumb(content=pictures[creative.rendition.sha256], status=creative.status)
            for creative in own
            if creative.rendition.sha256 in pictures
        )
        if thumbs:
            strips.append(Strip(title=strip_title(own[0]), thumbs=thumbs))
    return to_jpeg(contact_sheet(strips)) if strips else b""


def strip_title(creative: Creative) -> str:
    """`v1 · Time saved · bright kitchen`."""
    label = idea_label(creative.attributes, variant=creative.variant)
    place = plain(creative.attributes.get("set", ""))
    return f"{label} · {place}" if place else label


def copy_rows(creatives: Sequence[Creative]) -> tuple[CopyRow, ...]:
    """One row an idea; placements share their copy."""
    firsts = {creative.variant: creative for creative in reversed(creatives)}
    return tuple(
        CopyRow(
            variant=short_variant(variant, creative.copy.angle),
            angle=plain(creative.copy.angle).capitalize(),
            headline=creative.copy.headline,
            body=creative.copy.body,
            cta=creative.copy.cta,
            gloss_headline=creative.copy.gloss.headline,
            gloss_body=creative.copy.gloss.body,
            gloss_cta=creative.copy.gloss.cta,
            rationale=creative.copy.rationale,
        )
        for variant, creative in sorted(firsts.items())
    )


def letters(creatives: Sequence[Creative]) -> str:
    """All text of the market's copy that the report shows."""
    return " ".join(
        part
        for creative in creatives
        for part in (creative.copy.headline, creative.copy.body, creative.copy.cta)
    )


def ad_labels(ads: Sequence[Ad], creatives: Sequence[Creative]) -> dict[AdId, str]:
    """What charts call each ad: `v1 · Time saved`."""
    known = {creative.id: creative for creative in creatives}
    return {
        ad.id: idea_label(
            known[ad.creative_id].attributes, variant=known[ad.creative_id].variant
        )
        for ad in ads
        if ad.creative_id in known
    }


def share_chart(market: Locale, plans: Sequence[BudgetPlan], labels: Mapping[AdId, str]) -> str:
    """Spend shares over days, a panel for each placement of the market."""
    by_day = [(plan.day, plan.shares()) for plan in plans]
    cells = cells_of(market, plans)
    series = [
        ShareSeries(
            title=placement_name(cell.placement),
            days=tuple(day for day, _ in by_day),
            shares={
                labels.get(ad, ad): tuple(
                    shares.get(cell, {}).get(ad, 0.0) for _, shares in by_day
                )
                for ad in ads_of(cell, plans)
            },
        )
        for cell in cells
    ]
    return to_svg(share_areas(series), label=f"Spend shares over days, {market}")


def budget_chart(plans: Sequence[BudgetPlan], markets: Sequence[Locale]) -> str:
    """Each cell's money over the days, a panel for each market; empty without any."""
    told = [plan for plan in plans if plan.cells]
    money = [{move.cell: move.budget_after.amount for move in plan.cells} for plan in told]
    cells = sorted({cell for day in money for cell in day}, key=str)
    series = [
        BudgetSeries(
            title=market_name(market),
            days=tuple(plan.day for plan in told),
            budgets={
                placement_name(cell.placement): tuple(float(day.get(cell, 0)) for day in money)
                for cell in cells
                if cell.market == market
            },
        )
        for market in markets
        if any(cell.market == market for cell in cells)
    ]
    if not series:
        return ""
    currency = told[-1].cells[0].budget_after.currency
    return to_svg(budget_bars(series, currency=currency), label="Budget of each place by day")


def rate_chart(market: Locale, plan: BudgetPlan, labels: Mapping[AdId, str]) -> str:
    """Click-through rates with 95 % intervals, as the plan believed them."""
    panels = [
        RatePanel(
            title=placement_name(cell.placement),
            rows=tuple(
                RateRow(
                    label=labels.get(move.ad_id, move.ad_id),
                    mean=move.ctr_mean,
                    low=move.ctr_low,
                    high=move.ctr_high,
                )
                for move in sorted(plan.of_cell(cell), key=lambda m: labels.get(m.ad_id, ""))
            ),
        )
        for cell in cells_of(market, [plan])
    ]
    return to_svg(click_rates(panels), label=f"Click rate of each ad, {market}")


def cells_of(market: Locale, plans: Sequence[BudgetPlan]) -> tuple[Cell, ...]:
    """The market's cells in any plan, in order of placement."""
    cells = {move.cell for plan in plans for move in plan.moves if move.cell.market == market}
    return tuple(sorted(cells, key=str))


def ads_of(cell: Cell, plans: Sequence[BudgetPlan]) -> tuple[AdId, ...]:
    """Ads that ever had a share of the cell, in order."""
    return tuple(
        sorted({move.ad_id for plan in plans for move in plan.moves if move.cell == cell})
    )


def move_groups(plan: BudgetPlan, markets: Sequence[Locale]) -> tuple[MoveGroup, ...]:
    """The plan's moves by cell, in the order of `markets`, the largest share first."""
    return tuple(
        MoveGroup(
            title=place_name(cell),
            rows=tuple(
                MoveRow(
                    before=move.share_before,
                    after=move.share_after,
                    budget=money_words(move.budget_after),
                    reason=move.reason,
                )
                for move in sorted(plan.of_cell(cell), key=lambda move: -move.share_after)
            ),
        )
        for market in markets
        for cell in cells_of(market, [plan])
    )


def reviewer_rows(verdicts: Sequence[Verdict]) -> tuple[ReviewerRow, ...]:
    """How often each person decided what, by name."""
    counts = Counter((one.reviewer, one.role, one.decision) for one in verdicts)
    people = sorted({(one.reviewer, one.role) for one in verdicts})
    return tuple(
        ReviewerRow(
            name=name,
            role=role,
            approved=counts[name, role, Decision.APPROVE],
            rejected=counts[name, role, Decision.REJECT],
            reopened=counts[name, role, Decision.REOPEN],
            simulated=SIMULATED in name.lower(),
        )
        for name, role in people
    )


def waiting_count(creatives: Sequence[Creative]) -> int:
    """Creatives that are still drafts."""
    return sum(creative.status is Status.DRAFT for creative in creatives)


def period(days: Sequence[date]) -> str:
    """`1 December 2026 to 14 December 2026`."""
    if not days:
        return "nothing delivered yet"
    first, last = min(days), max(days)
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"

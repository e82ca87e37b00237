"""Writes docs/markets.md: every market in numbers, and one ad of each as it would read."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

from studio.app import Studio
from studio.copywriting.likeness import likeness
from studio.copywriting.model import CopyRequest
from studio.copywriting.phrasebook_model import PhrasebookModel
from studio.copywriting.writer import write_copy
from studio.domain.brief import Brief
from studio.domain.creative import Copy
from studio.domain.money import Money
from studio.imaging.model import SetCard
from studio.markets.pack import MarketPack
from studio.settings import Settings
from studio.workflows.markets import sample_brief
from studio.workflows.variants import plan_variants

FILE = Path(__file__).with_suffix(".md")
SETS = tuple(
    SetCard(id=name)
    for name in (
        "studio-arch", "bright-kitchen", "family-dining", "japanese-apartment", "majlis-lounge",
    )
)  # fmt: skip
PLACEMENTS = ("meta_feed_1x1", "meta_feed_4x5", "meta_story_9x16")
PROVEN = {
    "keep_warm_hours": 24.0, "capacity_litres": 1.8, "presets_count": 12.0,
    "quick_cook_minutes": 25.0, "ai_sensor": None, "warranty_years": 2.0,
}  # fmt: skip
"""What the demo's rice cooker proves."""
PRICES = {
    "USD": "129.99", "GBP": "99", "EUR": "139", "PLN": "599", "TRY": "4999", "MXN": "2499",
    "BRL": "699", "SAR": "499", "AED": "479", "JPY": "19800", "KRW": "189000", "CNY": "699",
    "TWD": "3680", "INR": "7999", "IDR": "1299000", "THB": "3490", "VND": "2490000",
    "KES": "14999", "NGN": "129900",
}  # fmt: skip
MOST_VARIANTS = 11


def main() -> None:
    """Write the file."""
    studio = Studio(Settings())
    rows, ads = [], []
    for each in studio.markets.summaries():
        pack = studio.library.pack(each.locale)
        variants = _variants(studio, pack)
        nearest = min(1 - likeness(one, other) for one, other in combinations(variants, 2))
        cells = (
            each.locale, each.phrases, each.angles, each.benefits, each.rules, each.events,
            each.quiet_dates, f"{each.sourced} of {each.facts}", f"{nearest:.2f}",
        )  # fmt: skip
        rows.append(f"| {' | '.join(map(str, cells))} |")
        ads.append(_shown(pack, variants[0]))
    FILE.write_text(_page(rows, ads), encoding="utf-8")


def _brief(pack: MarketPack) -> Brief:
    """The demo's rice cooker at a price in the market's currency."""
    brief = sample_brief(pack, "rice_cooker")
    claims = tuple(
        replace(claim, value=PROVEN[claim.benefit])
        for claim in brief.claims
        if claim.benefit in PROVEN
    )
    price = Money.of(PRICES[pack.market.currency], pack.market.currency)
    offers = tuple(replace(offer, price=price) for offer in brief.offers)
    return replace(brief, claims=claims, offers=offers, variants_per_market=MOST_VARIANTS)


def _variants(studio: Studio, pack: MarketPack) -> list[Copy]:
    """One copy per angle, as a campaign would have them."""
    brief = _brief(pack)
    taken: list[Copy] = []
    for plan in plan_variants(brief, pack, SETS):
        request = CopyRequest(
            brief=brief,
            pack=pack,
            placements=tuple(studio.placements[name] for name in PLACEMENTS),
            angle=plan.angle,
            variant=plan.variant,
            seed=plan.seed,
            shows_offer=plan.shows_offer,
            taken=tuple(taken),
        )
        taken.append(write_copy(PhrasebookModel(), request))
    return taken


def _shown(pack: MarketPack, copy: Copy) -> str:
    parts = (
        ("headline", copy.headline, copy.gloss.headline),
        ("body", copy.body, copy.gloss.body),
        ("description", copy.description, copy.gloss.description),
        ("button", copy.cta, copy.gloss.cta),
        ("price", copy.offer_line, ""),
        ("small print", copy.legal_line, ""),
    )
    rows = [f"| {name} | {text} | {gloss} |" for name, text, gloss in parts if text]
    head = f"### {pack.market.name}, {copy.angle}\n\n| | | literally |\n|---|---|---|\n"
    return head + "\n".join(rows)


HEAD = """# The markets in numbers

Written by `python docs/markets.py` from the packs; `studio markets list` and `studio markets
show` tell the same at the command line.

| market | phrases | angles | benefits | rules | dates | quiet | sourced | least distance |
|---|---|---|---|---|---|---|---|---|
"""
FOOT = """
Rules count word rules, conditions and words of other regions, those for all markets among
them. Sourced: facts that name a law, standard, study or custom; the others say how certain they
are.
Least distance is between the two most alike of a market's eleven variants: 1 minus their
likeness (studio/copywriting/likeness.py); below 0.2 a variant is refused.

## Read and corrected

Every phrase and the ads below were read once more in their language, as a person there would,
and looked at as pictures ([images/markets.jpg](images/markets.jpg)). By nobody born there: a
native reader will find more. What was changed on that reading, by example:

| market | what was wrong |
|---|---|
| en-US | phrases about rice stood on claims that other products share |
| en-GB | lines with an American ring; wit and words are now its own |
| de-DE | “anmachen” has a second meaning; “Sprachlautsprecher” is no word people say |
| fr-FR | a line for subtitles promised navigation, too; “ne moisit pas” beside food |
| es-ES | adjectives with a gender for any product; “Silencia el vagón” claimed silence |
| it-IT | “schiscetta” is Milanese only; a missing elision before 8 |
| pl-PL | “frytkownica powietrzna” is a calque; one headline too long for the longest noun |
| tr-TR | “kâğıt üstünde” means in theory only; de and da broke vowel harmony |
| es-MX | “darse un tiempo” is a couple’s break; “al tiro” is Chilean |
| pt-BR | “ele” for any product; “silêncio no busão” claimed silence |
| ar-SA | verbs that didn’t agree with the noun; “نشتريه مرة” promised that it lasts |
| ar-AE | و parted from a Latin name at a line’s end; a kitchen’s marble on an air purifier |
| ja-JP | お求めやすい価格 is a claim about the price |
| ko-KR | 와/과 without 함께; 적은 for 적힌; a mother as the cook |
| zh-CN | lines for glasses that assumed a display |
| zh-TW | 防颱清單 and 主場就到 sounded translated |
| hi-IN | “1 घंटा तक” lacks its oblique form; अंश and घूर्णन are words of textbooks |
| id-ID | “Hidup, versi pembaruan” and “Rumah berjalan” were calques |
| th-TH | lines that sounded like cooking unattended; a stiff headline for glasses |
| vi-VN | words of north and south in one line (kẹt xe, tắc đường) |

## One ad of each market

The strongest angle's variant of the demo's rice cooker, as the built-in text model writes it.

"""


def _page(rows: list[str], ads: list[str]) -> str:
    return HEAD + "\n".join(rows) + "\n" + FOOT + "\n\n".join(ads) + "\n"


if __name__ == "__main__":
    main()

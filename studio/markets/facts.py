"""Which of a brief's claims may be said in a market, and in which words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from studio.domain.brief import Brief
from studio.domain.claim import Claim
from studio.errors import InputError
from studio.markets import messages
from studio.markets.inflection import inflected
from studio.markets.messages import Slot
from studio.markets.pack import Benefit, MarketPack


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A claim that is proven on launch day and can be said in the market's language."""

    claim: Claim
    line: str
    """A sentence that can stand alone."""
    gloss: str
    note: str
    """Small print that must accompany it; may be empty."""
    benefit: Benefit | None
    """None for a claim in the brief's own words."""
    foreign: bool = False
    """Whether `line` is in the brief's language, which isn't the market's."""

    @property
    def key(self) -> str:
        """The benefit's key; empty for a claim in the brief's own words."""
        return self.claim.benefit


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A claim that can't be used here, and why."""

    claim_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What may be said, and what not."""

    usable: tuple[Fact, ...]
    foreign: tuple[Fact, ...] = ()
    """Proven claims in another language, which only a model that translates may say; they
    stand among those left out, too."""
    left_out: tuple[LeftOut, ...]

    def of(self, benefit: str) -> Fact | None:
        """The fact for a benefit, if one is proven."""
        return next((fact for fact in self.usable if fact.key == benefit), None)


def facts_of(brief: Brief, pack: MarketPack) -> Facts:
    """The brief's claims, sorted into usable and left out for this market."""
    usable: list[Fact] = []
    foreign: list[Fact] = []
    left_out: list[LeftOut] = []
    for claim in brief.claims:
        reason = why_not(claim, brief, pack)
        if reason:
            if claim.text and proven(claim, pack, brief.launch):
                foreign.append(replace(_fact(claim, brief, pack), foreign=True))
            left_out.append(LeftOut(claim_id=claim.id, reason=reason))
        else:
            usable.append(_fact(claim, brief, pack))
    return Facts(usable=tuple(usable), foreign=tuple(foreign), left_out=tuple(left_out))


def why_not(claim: Claim, brief: Brief, pack: MarketPack) -> str:
    """Why a claim can't be said here; empty where it can."""
    if not proven(claim, pack, brief.launch):
        return "no evidence in force on launch day"
    if claim.text:
        language = brief.language_of(claim).split("-")[0]
        if language == pack.market.language:
            return ""
        return f"written in {language}, the market reads {pack.market.language}"
    benefit = pack.benefits.get(claim.benefit)
    if benefit is None:
        return f"the market's pack has no words for the benefit {claim.benefit!r}"
    if benefit.categories and brief.product.category not in benefit.categories:
        return f"{claim.benefit} doesn't belong to {brief.product.category}"
    if benefit.valued and claim.value is None:
        return f"{claim.benefit} needs a value"
    if claim.value is not None and claim.unit != benefit.unit:
        return f"in {claim.unit or 'no unit'}, the catalogue has {benefit.unit or 'no unit'}"
    return ""


def proven(claim: Claim, pack: MarketPack, day: date) -> bool:
    """Whether evidence is in force, or the claim is a plain feature that needs none."""
    if claim.evidence is not None:
        return claim.evidence.holds_on(day)
    benefit = pack.benefits.get(claim.benefit)
    return benefit is not None and not benefit.valued


def slots_of(brief: Brief, pack: MarketPack, fact: Fact | None = None) -> dict[str, Slot]:
    """What the slots of a phrase are filled with."""
    noun = pack.product_nouns.get(brief.product.category)
    slots: dict[str, Slot] = {
        "product": brief.product.name,
        "brand": brief.brand.name,
        "noun": noun.text if noun else brief.product.name,
        "gender": noun.gender if noun else "",
        "contact": contact(brief, pack),
        **inflected(brief.product.name, pack.market.language),
    }
    if noun:
        slots |= {f"noun_{case}": text for case, text in noun.forms.items()}
    if fact is not None and fact.claim.value is not None:
        slots |= _value_slots(fact.claim, locale=pack.market.locale)
    return slots


def gloss_slots(brief: Brief, pack: MarketPack, fact: Fact | None = None) -> dict[str, Slot]:
    """The same for glosses, which are in English."""
    noun = pack.product_nouns.get(brief.product.category)
    slots = slots_of(brief, pack)
    slots["noun"] = (noun.gloss or noun.text) if noun else brief.product.name
    if fact is not None and fact.claim.value is not None:
        slots |= _value_slots(fact.claim, locale="en-US")
    return slots


def contact(brief: Brief, pack: MarketPack) -> str:
    """Address of the offer's landing page as an ad prints it: `smartchef.example/sa`."""
    offer = brief.offer_in(pack.market.locale)
    address = offer.landing_url if offer else ""
    return address.split("://")[-1].split("?")[0].rstrip("/")


def values_of(claim: Claim, *, locale: str) -> frozenset[Decimal]:
    """The numbers in which a claim's value may be said in a locale, metric and converted."""
    value = value_of(claim)
    if value is None:
        return frozenset()
    return frozenset({value, messages.quantity(value, claim.unit, locale=locale)[0]})


def units_of(claim: Claim, *, locale: str) -> frozenset[str]:
    """The units in which a claim's value may be said in a locale; empty for a count."""
    value = value_of(claim)
    if value is None or not claim.unit:
        return frozenset()
    return frozenset({claim.unit, messages.quantity(value, claim.unit, locale=locale)[1]})


def value_of(claim: Claim) -> Decimal | None:
    """The claim's value as it was written, without binary noise."""
    return None if claim.value is None else Decimal(str(claim.value))


def _value_slots(claim: Claim, *, locale: str) -> dict[str, Slot]:
    value = value_of(claim)
    if value is None:
        raise InputError(f"claim {claim.id!r} needs a value.")
    return {
        "value": messages.number(value),
        "amount": messages.amount(value, claim.unit, locale=locale),
    }


def _fact(claim: Claim, brief: Brief, pack: MarketPack) -> Fact:
    if claim.text:
        sentence = claim.text if claim.text.endswith((".", "!", "?")) else f"{claim.text}."
        return Fact(claim=claim, line=sentence, gloss=sentence, note="", benefit=None)
    benefit = pack.benefits[claim.benefit]
    locale = pack.market.locale
    bare = Fact(claim=claim, line="", gloss="", note="", benefit=benefit)
    slots = slots_of(brief, pack, bare)
    needs_contact = "{contact}" in benefit.note and not slots["contact"]
    note = "" if needs_contact else messages.render(benefit.note, slots, locale=locale)
    return Fact(
        claim=claim,
        line=messages.render(benefit.line, slots, locale=locale),
        gloss=messages.render(
            benefit.gloss or benefit.line, gloss_slots(brief, pack, bare), locale="en-US"
        ),
        note=note,
        benefit=benefit,
    )

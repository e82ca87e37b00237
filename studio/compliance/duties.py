"""Words, permits and figures that the law wants in an ad or behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studio.compliance.case import Case, Hit
from studio.compliance.patterns import pattern
from studio.markets.facts import contact
from studio.markets.rules import Condition
from studio.markets.wording import normalised

CONTACT = re.compile(r"[\w-]+\.[a-z]{2,}|\+?\d[\d ]{7,}")
OPENING = " \n\t[(【「『（［<《#*·-"
"""What may stand before the first word of a text."""
LEAST_TX_MW = 20.0
MOST_BODY_CM = 20.0
"""Radiation values are due for stronger senders that are used nearer to the body."""
CLASSES = re.compile(r"\bA\s?(?:[-–—→↔/]|bis|to|à|do|hasta|a)\s?G\b", re.IGNORECASE)
ENERGY_TAG = "energy_label"


def advertiser_named(case: Case, condition: Condition) -> Iterator[Hit]:
    """The ad doesn't say that it is one, or hides product, provider or contact."""
    shown = case.joined
    address = normalised(contact(case.brief, case.pack))
    parts = {
        "ad mark": case.first_place(condition.words, shown) is not None,
        "product name": normalised(case.brief.product.name) in shown,
        "provider": normalised(case.brief.brand.name) in shown,
        "contact": address in shown if address else bool(CONTACT.search(shown)),
    }
    missing = [name for name, there in parts.items() if not there]
    if missing:
        yield Hit(f"missing: {', '.join(missing)}", "legal_line")


def mandatory_line(case: Case, condition: Condition) -> Iterator[Hit]:
    """Words that the law asks for are missing, or don't stand where they must."""
    if condition.place == "start":
        texts = [case.texts[name].lstrip(OPENING) for name in ("headline", "body")]
        there = any(pattern(words).match(text) for words in condition.words for text in texts)
        field = "headline"
    else:
        there = case.first_place(condition.words, case.joined) is not None
        field = "legal_line"
    if not there:
        yield Hit("", field)


def permit_missing(case: Case, condition: Condition) -> Iterator[Hit]:
    """The brief doesn't name the permit that such an ad needs."""
    if not case.brief.approvals.get(condition.permit, "").strip():
        yield Hit(f"approvals: {condition.permit}", "approvals")


def radiation_line(case: Case, condition: Condition) -> Iterator[Hit]:
    """A radio product for use at the body, advertised without its radiation value."""
    product = case.brief.product
    if product.tx_mw is None or product.tx_mw <= LEAST_TX_MW:
        return
    if product.body_cm is None or product.body_cm > MOST_BODY_CM:
        return
    if not case.first_place(condition.words, case.joined):
        yield Hit(f"{product.tx_mw:g} mW, {product.body_cm:g} cm", "legal_line")


def energy_label(case: Case, condition: Condition) -> Iterator[Hit]:
    """A product with an energy label, advertised without class and range."""
    del condition
    own = case.brief.product.energy_class
    if not own or ENERGY_TAG in case.creative.picture.tags:
        return
    shown = case.joined
    if not (CLASSES.search(shown) and re.search(rf"\b{re.escape(own)}\b", shown)):
        yield Hit(own, "legal_line")

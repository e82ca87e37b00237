"""The page where people decide what may leave the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Literal, TypedDict

import gradio as gr
from pydantic import TypeAdapter, ValidationError

from studio.domain.brief import Brief
from studio.domain.creative import Creative, CreativeId
from studio.domain.person import Person
from studio.errors import InputError, StudioError
from studio.ui.handlers import who
from studio.ui.present.deck import CardData, DeckData, card_data, deck
from studio.ui.present.pieces import plural
from studio.ui.services import Services
from studio.workflows.film import Making
from studio.workflows.review import Card, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the deck's script asks for."""

    do: Literal[
        "load",
        "approve",
        "reject",
        "undo",
        "edit",
        "approve_clean",
        "export",
        "film",
        "filming",
        "unfilm",
    ]
    campaign: str
    id: CreativeId = CreativeId("")
    hash: str = ""
    reason: str = ""
    headline: str = ""
    body: str = ""
    cta: str = ""
    description: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)


class Answer(TypedDict, total=False):
    """What the script gets back: new cards and a message, or an error in words."""

    deck: DeckData
    cards: list[CardData]
    message: str
    download: str
    progress: float
    error: str


ASKED = TypeAdapter(Asked)


@dataclass(frozen=True, slots=True)
class Deck:
    """What each key of the deck does. The person comes from the sign-in, not the page."""

    services: Services

    def answer(self, sent: object, person: Person) -> Answer:
        """Do what is asked, or say why not."""
        try:
            return self._act(ASKED.validate_python(sent, extra="forbid"), person)
        except ValidationError:
            return {"error": "The page sent something unexpected; reload it."}
        except StudioError as error:
            return {"error": str(error)}

    def _act(self, asked: Asked, person: Person) -> Answer:
        actions: dict[str, Callable[[Asked, Person], Answer]] = {
            "load": self._load,
            "approve": self._approve,
            "reject": self._reject,
            "undo": self._undo,
            "edit": self._edit,
            "approve_clean": self._approve_clean,
            "export": self._export,
            "film": self._film,
            "filming": self._filming,
            "unfilm": self._unfilm,
        }
        return actions[asked.do](asked, person)

    def _load(self, asked: Asked, person: Person) -> Answer:
        slug = asked.campaign
        library = self.services.library
        brief = self.services.briefs.brief(slug)
        cards = in_brief_order(self.services.reviews.cards(slug), brief)
        found = {card.creative.market for card in cards}
        return {
            "deck": deck(
                cards,
                person=person,
                markets={market: library.pack(market).market for market in found},
                placements=self.services.placements,
            )
        }

    def _approve(self, asked: Asked, person: Person) -> Answer:
        creative = self.services.reviews.approve(
            asked.id,
            content_hash=asked.hash,
            person=person,
            reason=asked.reason,
        )
        return self._shown(creative, f"Approved by {person.name}")

    def _reject(self, asked: Asked, person: Person) -> Answer:
        creative = self.services.reviews.reject(
            asked.id,
            content_hash=asked.hash,
            person=person,
            reason=asked.reason,
        )
        return self._shown(creative, f"Rejected by {person.name}")

    def _undo(self, asked: Asked, person: Person) -> Answer:
        creative = self.services.reviews.undo(asked.id, person=person)
        return self._shown(creative, "Taken back; the ad waits again")

    def _edit(self, asked: Asked, person: Person) -> Answer:
        creative = self.services.reviews.edit(
            asked.id,
            content_hash=asked.hash,
            words=Words(
                headline=asked.headline,
                body=asked.body,
                cta=asked.cta,
                description=asked.description,
            ),
            person=person,
        )
        return self._shown(creative, "Saved. Earlier approvals no longer count")

    def _film(self, asked: Asked, person: Person) -> Answer:
        desk = self.services.film_desk
        return self._progress(desk.order(asked.id, content_hash=asked.hash, person=person))

    def _filming(self, asked: Asked, person: Person) -> Answer:
        return self._progress(self.services.film_desk.making(asked.id, person=person))

    def _unfilm(self, asked: Asked, person: Person) -> Answer:
        desk = self.services.film_desk
        creative = desk.remove(asked.id, content_hash=asked.hash, person=person)
        return self._shown(creative, "Film taken away. The ad waits again")

    def _progress(self, making: Making) -> Answer:
        if making.error:
            return {"error": making.error}
        if making.creative is None:
            return {"progress": making.share}
        return self._shown(making.creative, "The film is ready. The ad waits for review")

    def _approve_clean(self, asked: Asked, person: Person) -> Answer:
        count = self.services.reviews.approve_clean(asked.campaign, asked.seen, person)
        return self._load(asked, person) | {"message": f"Approved {plural(count, 'ad')}"}

    def _export(self, asked: Asked, person: Person) -> Answer:
        slug = asked.campaign
        receipt = self.services.publisher.export(slug, person)
        return self._load(asked, person) | {
            "message": f"Exported {plural(receipt.count, 'ad')}",
            "download": f"/exports/{slug}.zip",
        }

    def _shown(self, creative: Creative, message: str) -> Answer:
        (card,) = (
            each
            for each in self.services.reviews.cards(
                creative.campaign, market=creative.market, placement=creative.placement
            )
            if each.creative.id == creative.id
        )
        shown = card_data(
            card,
            market=self.services.library.pack(creative.market).market,
            placement=self.services.placements[creative.placement],
        )
        return {"cards": [shown], "message": message}


def in_brief_order(cards: Sequence[Card], brief: Brief) -> list[Card]:
    """Markets as the brief lists them, then variants, then placements as it lists them."""
    markets, placements = list(brief.markets), list(brief.placements)

    def place(card: Card) -> tuple[int, str, int]:
        creative = card.creative
        market = markets.index(creative.market) if creative.market in markets else len(markets)
        known = creative.placement in placements
        return (
            market,
            creative.variant,
            placements.index(creative.placement) if known else len(placements),
        )

    return sorted(cards, key=place)


def build(services: Services, page: gr.Blocks) -> None:  # noqa: ARG001
    """Lay out the deck: one component, drawn and driven by its script."""
    desk = Deck(services)

    def deck_action(sent: object, request: gr.Request) -> Answer:
        """Answer the deck; the sign-in is asked again each time."""
        try:
            person = who(services.sign_in, request)
        except InputError as error:
            return {"error": str(error)}
        return desk.answer(sent, person)

    script = files("studio.ui").joinpath("static/deck.js").read_text(encoding="utf-8")
    gr.HTML(
        html_template='<div class="deck" id="deck"></div>',
        js_on_load=script,
        server_functions=[deck_action],
        apply_default_css=False,
        elem_id="deck-frame",
    )

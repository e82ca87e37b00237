"""What is to be seen when: two scenes and an end card, as long as their words take to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from studio.domain.creative import Copy
from studio.domain.market import Direction, Market
from studio.domain.placement import Counter
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.imaging.parallax import MOVES, Move

FPS = 30
LEAST_S, MOST_S = 6.0, 15.0
GLANCE_S = 0.3
"""Before reading begins, the eye has to find the words."""
CHARACTERS_PER_S: Mapping[str, float] = {
    "Latn": 19.1,
    "Arab": 13.3,
    "Jpan": 7.7,
    "Hans": 5.6,
    "Hant": 5.6,
    "Kore": 8.0,
    "Thai": 13.0,
    "Deva": 13.0,
}
"""Reading speed by script, marks not counted.

Read aloud a Latin character takes 68 ms, an Arabic, Japanese or Chinese one longer
(Trauzettel-Klosinski, Dietz et al., 2012, Standardized assessment of reading performance, IOVS
53(9)); read silently a text takes 183 / 238 of that (Brysbaert, 2019, How many words do we read
per minute?). Korean, Thai and Hindi, which neither measured, are set with care between them.
"""
FIRST_S = 0.25
"""The product and the logo stand alone for so long: the first frame is a whole picture."""
LINE_S = 0.22
"""Between two lines of a headline."""
ENTER_S = 0.6
"""How long words take to enter."""
PACE = 0.60
"""Part of a text's reading time after which the next one enters: all of them stay, each until
it has been read."""
LEAST_GAP_S, MOST_GAP_S = 0.5, 2.2
TURN_S = 0.8
"""From the scene to the end card."""
CARD_LINE_S = 0.16
"""Between two things that enter on the end card."""
LEAST_CARD_S = 2.6
SUPPORT = ("body", "offer_line", "cta", "legal_line")
CARD = ("logo", "headline", "offer_line", "cta", "legal_line")

READ_ON_CARD = ("cta", "legal_line")
"""What the end card shows again, so that the scene needn't wait for it."""

Lines: TypeAlias = Mapping[str, int]
"""How many lines of each field are set in a picture."""
Starts: TypeAlias = dict[tuple[str, int], float]
"""When each line of each field enters, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is set in an ad's picture and on its end card."""

    scene: Lines
    card: Lines
    ready: bool = False
    """Whether the headline is there from the first frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """One thing comes into the picture."""

    field: str
    line: int = 0
    start_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Storyboard:
    """A film before it is drawn."""

    fps: int
    frames: int
    move: Move
    mirrored: bool
    """Text enters from the right and moves are mirrored; the product never is."""
    card_s: float
    """When the scene begins to turn into the end card."""
    scene: tuple[Enter, ...]
    card: tuple[Enter, ...]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.frames / self.fps

    def start_of(self, field: str) -> float | None:
        """When a field is first there; None where it isn't in the film."""
        starts = [each.start_s for each in (*self.scene, *self.card) if each.field == field]
        return min(starts, default=None)


def reading_s(text: str, script: str) -> float:
    """How long a text takes to be found and read."""
    if not text.strip():
        return 0.0
    speed = CHARACTERS_PER_S.get(script, CHARACTERS_PER_S["Latn"])
    return GLANCE_S + Counter.CHARACTERS.length(text.strip()) / speed


def storyboard(
    copy: Copy, set_in: Setting, *, market: Market, seed: int, fps: int = FPS
) -> Storyboard:
    """The film of one ad; raises `InputError` where small print is too long to be read.

    Words that aren't set anywhere need no time.
    """
    scene, card = set_in.scene, set_in.card
    times = {
        field: reading_s(getattr(copy, field), market.script)
        for field in ("headline", *SUPPORT)
        if field in scene or field in card
    }
    enters, card_s = _scene(scene, times, ready=set_in.ready)
    hold = max(
        LEAST_CARD_S,
        PACE * sum(times.get(field, 0.0) for field in ("offer_line", "cta")),
    )
    stretch = _stretch(card_s + TURN_S + hold)
    card_s, hold = card_s * stretch, hold * stretch
    starts = {each: start * stretch for each, start in enters.items()}
    starts, hold = _with_small_print(times.get("legal_line", 0.0), starts, card_s, hold)
    frames = min(round((card_s + TURN_S + hold) * fps), round(MOST_S * fps))
    turn = round(card_s * fps) / fps
    return Storyboard(
        fps=fps,
        frames=frames,
        move=MOVES[derive_seed(seed, "film") % len(MOVES)],
        mirrored=market.direction is Direction.RTL,
        card_s=turn,
        scene=tuple(
            Enter(field=field, line=line, start_s=start)
            for (field, line), start in starts.items()
        ),
        card=_on_card(card, turn),
    )


def _scene(scene: Lines, times: Mapping[str, float], *, ready: bool) -> tuple[Starts, float]:
    """When each line enters, one field after the other, and when each has been read."""
    starts: Starts = {("logo", 0): 0.0} if "logo" in scene else {}
    starts |= {
        ("headline", line): 0.0 if ready else FIRST_S + line * LINE_S
        for line in range(scene.get("headline", 0))
    }
    now = max(FIRST_S, *starts.values()) + _pace(times.get("headline", 0.0))
    for field in (each for each in SUPPORT if each in scene):
        starts[field, 0] = now
        now += LEAST_GAP_S if field in READ_ON_CARD else _pace(times[field])
    read = [
        start + times[field]
        for (field, _), start in starts.items()
        if field in times and field not in READ_ON_CARD
    ]
    return starts, max(now, *read) + LEAST_GAP_S


def _pace(reading: float) -> float:
    return min(max(LEAST_GAP_S, PACE * reading), MOST_GAP_S)


def _stretch(seconds: float) -> float:
    """What makes a film of so many seconds neither too short nor too long."""
    return min(max(seconds, LEAST_S), MOST_S) / seconds


def _with_small_print(
    needed_s: float, starts: Starts, card_s: float, hold: float
) -> tuple[Starts, float]:
    """Hold the end card until the small print has been read, or let it enter earlier.

    While one picture turns into the other it can't be read.
    """
    key = ("legal_line", 0)
    began = starts.get(key, card_s)
    hold = max(hold, min(needed_s - (card_s - began), MOST_S - card_s - TURN_S))
    if key in starts:
        starts = starts | {key: min(began, max(0.0, card_s + hold - needed_s))}
    if card_s - starts.get(key, card_s) + hold < needed_s - 1e-6:
        raise InputError(
            f"legal_line: it takes {needed_s:.0f} s to read, and a film has at most "
            f"{MOST_S:.0f}; shorten it, or run this ad as a picture."
        )
    return starts, hold


def _on_card(card: Lines, card_s: float) -> tuple[Enter, ...]:
    start, enters = card_s + TURN_S * 0.45, []
    for field in CARD:
        for line in range(card.get(field, 0)):
            enters.append(Enter(field=field, line=line, start_s=start))
        start += CARD_LINE_S if field in card else 0.0
    return tuple(enters)

"""Prompts for picture models, filled from the templates in `prompts/image/`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from coloraide import Color
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from studio.errors import PermanentError
from studio.imaging.model import PictureRequest
from studio.imaging.scene import Light, Scene
from studio.resources import bundled

USUAL_WORDS = 55
"""Words that every model takes in; those with larger text encoders take more."""
WORDS_PER_NOTE = 25
"""One more of the market's notes is told for so many words that a model takes in."""
NOTES_FILE = "notes.yaml"
NEGATION = re.compile(
    r"\b(?:no|not|never|avoid|without|neither|nor|none|rather than|don[’']t|isn[’']t|aren[’']t"
    r"|can[’']t|cannot)\b",
    re.IGNORECASE,
)
RULES_OUT = re.compile(r"^(?:no|avoid)\b\s*(?:the\s+)?(?P<things>.+)$", re.IGNORECASE)
BETWEEN_PARTS = re.compile(r",\s*(?:and\s+no\s+|no\s+|or\s+)?|\s+and\s+no\s+")
BETWEEN_THINGS = re.compile(r"\s+or\s+")
A_SENTENCE = re.compile(r"^(?:its|their|in|at|not)\b|\b(?:may|product)\b", re.IGNORECASE)
BETWEEN_CLAUSES = re.compile(r"(?<=[.;:!?])\s+|[;:]\s*|,\s*(?=never\b)")
LONGEST_THING = 5
"""Words of a thing that is ruled out; longer ones are sentences."""
LIGHT_WORDS = {
    "left": "from the left",
    "right": "from the right",
    "front": "from the front",
    "back": "from behind",
    "top": "from above",
}


class View(StrEnum):
    """What a model is shown of the set, and so what it has to be told."""

    EMPTY = "empty"
    """The set alone, or nothing."""
    AROUND = "around"
    """The set with the product, which stays."""
    EDIT = "edit"
    """The set alone, to be repainted by instruction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePrompt:
    """What a picture model is told, and what it is to leave out."""

    positive: str
    negative: str

    @property
    def sha256(self) -> str:
        """Fingerprint of both."""
        return sha256(f"{self.positive}\x1f{self.negative}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """A market's notes on scenes, sorted for a model."""

    shown: tuple[str, ...]
    """What to see, the most important first."""
    ruled_out: tuple[str, ...]
    """Things that mustn't be seen."""


def image_prompt(
    request: PictureRequest,
    scene: Scene,
    *,
    folder: Path | None = None,
    view: View = View.EMPTY,
    words: int = USUAL_WORDS,
) -> ImagePrompt:
    """The prompt for a request; the ad's words are never part of it.

    folder: own templates, which win over the bundled ones file by file. words: how many the
    model takes in; notes of the market that don't fit are left out, the last first.
    """
    templates = _templates(folder)
    notes = sorted_notes([note.rule for note in request.pack.scenes], folder=folder)
    told = notes.shown if scene.spec.family in _note_words(folder).homes else ()
    values = _values(request, scene, view) | {"ruled_out": notes.ruled_out}
    name = "edit.md" if view is View.EDIT else "scene.md"
    try:
        negative = _one_line(templates.get_template("avoid.md").render(values, notes=()))
        for count in range(min(len(told), words // WORDS_PER_NOTE), -1, -1):
            filled = templates.get_template(name).render(values, notes=told[:count])
            positive = _one_line(filled)
            if len(positive.split()) <= words:
                break
    except TemplateError as error:
        raise PermanentError(f"prompts/image can't be filled: {error}") from error
    return ImagePrompt(positive=positive, negative=negative)


def _templates(folder: Path | None) -> Environment:
    own = [folder] if folder else []
    return Environment(
        loader=FileSystemLoader([*own, bundled("prompts") / "image"]),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - prompts are plain text
        trim_blocks=True,
    )


def _values(request: PictureRequest, scene: Scene, view: View) -> dict[str, object]:
    palette, spec = request.palette, scene.spec
    material = spec.surface.material
    return {
        "scene": {"title": spec.title},
        "surface": {"material": material, "article": "an" if material[:1] in "aeiou" else "a"},
        "light": light_words(spec.light),
        "colours": {
            "wall": colour_words(palette.wall),
            "surface": colour_words(palette.surface),
            "accent": colour_words(palette.accent),
        },
        "tags": spec.tags,
        "market": request.pack.market.name,
        "product": request.product.category.replace("_", " ") if view is View.AROUND else "",
        "free": "above" if request.placement.width_px <= request.placement.height_px * 1.5
        else "to the side",
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _NoteWords:
    """`notes.yaml`: which words make a note useless to a model."""

    unpaintable: re.Pattern[str]
    too_general: frozenset[str]
    lead_ins: tuple[str, ...]
    homes: frozenset[str]


def sorted_notes(rules: Sequence[str], *, folder: Path | None = None) -> Notes:
    """What of a pack's notes a model can use, and what only misleads it.

    A model paints what is named, so that `no bottles` brings bottles: such things go to the
    negative prompt. What is about writing, people or the product stays with the reviewer.
    """
    words = _note_words(folder)
    shown: list[str] = []
    ruled_out: list[str] = []
    for rule in rules:
        for clause in filter(None, map(_trimmed, BETWEEN_CLAUSES.split(rule))):
            plain = _without_lead_in(clause, words.lead_ins)
            if match := RULES_OUT.match(plain):
                ruled_out += _things(match["things"], words.too_general)
            elif _is_sight(plain, words):
                shown.append(f"{plain[0].upper()}{plain[1:]}.")
    return Notes(shown=tuple(shown), ruled_out=tuple(dict.fromkeys(ruled_out)))


def _is_sight(clause: str, words: _NoteWords) -> bool:
    """Whether a clause says something to see; a single word often contradicts the set."""
    useless = NEGATION.search(clause) or words.unpaintable.search(clause)
    return not useless and len(clause.split()) > 1


def _things(text: str, too_general: frozenset[str]) -> list[str]:
    """Single things of a list such as `flags, no maps or banknotes`."""
    parts = [part for part in BETWEEN_PARTS.split(text) if not NEGATION.search(part)]
    found = [thing.strip(" .") for part in parts for thing in BETWEEN_THINGS.split(part)]
    return [
        thing
        for thing in found
        if 0 < len(thing.split()) <= LONGEST_THING
        and thing.lower() not in too_general
        and not A_SENTENCE.search(thing)
    ]


def _note_words(folder: Path | None) -> _NoteWords:
    own = folder / NOTES_FILE if folder else None
    file = own if own and own.is_file() else bundled("prompts") / "image" / NOTES_FILE
    return _read_note_words(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read_note_words(file: Path, changed_ns: int) -> _NoteWords:
    del changed_ns
    try:
        stored = YAML(typ="safe").load(file.read_text("utf-8"))
        left_out: Mapping[str, list[str]] = stored["left_out"]
        words = sorted({word for group in left_out.values() for word in group})
        pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)"
        return _NoteWords(
            unpaintable=re.compile(pattern, re.IGNORECASE),
            too_general=frozenset(stored["too_general"]),
            lead_ins=tuple(stored["lead_ins"]),
            homes=frozenset(stored["homes"]),
        )
    except (YAMLError, KeyError, TypeError, AttributeError) as error:
        raise PermanentError(f"{file} can't be read: {error}") from error


def _without_lead_in(clause: str, lead_ins: Sequence[str]) -> str:
    first, _, rest = clause.partition(" ")
    return rest if rest and first.lower() in lead_ins else clause


def _trimmed(clause: str) -> str:
    return clause.strip().rstrip(".;:")


def light_words(light: Light) -> str:
    """A set's light as a photographer would say it."""
    quality = "soft" if light.softness >= 0.5 else "crisp"
    warmth = (
        "warm" if light.temperature_k < 4300 else "cool" if light.temperature_k > 6500 else ""
    )
    parts = (quality, warmth, "daylight" if light.temperature_k >= 4300 else "lamplight")
    return " ".join(part for part in (*parts, LIGHT_WORDS[light.side]) if part)


def colour_words(code: str) -> str:
    """A colour in words, which picture models follow better than hex: `light warm grey`."""
    lightness, chroma, hue = (float(part) for part in Color(code).convert("oklch").coords())
    if chroma < 0.025:
        name = "white" if lightness > 0.93 else "black" if lightness < 0.25 else "grey"
    else:
        name = next(word for end, word in HUES if hue < end)
        if name == "orange" and (chroma < 0.09 or lightness < 0.6):
            name = "brown" if lightness < 0.7 else "beige"
    tone = "pale" if lightness > 0.86 else "dark" if lightness < 0.42 else "muted"
    return name if name in ("white", "black") else f"{tone} {name}"


HUES = (
    (15.0, "pink"),
    (40.0, "red"),
    (85.0, "orange"),
    (112.0, "yellow"),
    (180.0, "green"),
    (210.0, "teal"),
    (285.0, "blue"),
    (330.0, "purple"),
    (361.0, "pink"),
)
"""Upper ends of hue ranges in OKLCH degrees."""


def _one_line(text: str) -> str:
    return " ".join(text.split())

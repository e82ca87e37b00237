"""Prompts for picture models, filled from the templates in `prompts/image/`."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from coloraide import Color
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from studio.errors import PermanentError
from studio.imaging.model import PictureRequest
from studio.imaging.scene import Light, Scene
from studio.resources import bundled

NOTES = 2
"""Scene notes of the market that are told; most models read only some 70 words."""
LIGHT_WORDS = {
    "left": "from the left",
    "right": "from the right",
    "front": "from the front",
    "back": "from behind",
    "top": "from above",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePrompt:
    """What a picture model is told, and what it is to leave out."""

    positive: str
    negative: str

    @property
    def sha256(self) -> str:
        """Fingerprint of both."""
        return sha256(f"{self.positive}\x1f{self.negative}".encode()).hexdigest()


def image_prompt(
    request: PictureRequest, scene: Scene, *, folder: Path | None = None
) -> ImagePrompt:
    """The prompt for a request; the ad's words are never part of it."""
    templates = Environment(
        loader=FileSystemLoader(folder or bundled("prompts") / "image"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - prompts are plain text
        trim_blocks=True,
    )
    palette = request.palette
    values = {
        "scene": {"title": scene.spec.title, "surface": scene.spec.surface.material},
        "light": light_words(scene.spec.light),
        "colours": {
            "wall": colour_words(palette.wall),
            "surface": colour_words(palette.surface),
            "accent": colour_words(palette.accent),
        },
        "tags": scene.spec.tags,
        "notes": [note.rule for note in request.pack.scenes[:NOTES]],
        "market": request.pack.market.name,
    }
    try:
        positive = templates.get_template("scene.md").render(values)
        negative = templates.get_template("avoid.md").render(values)
    except TemplateError as error:
        raise PermanentError(f"prompts/image can't be filled: {error}") from error
    return ImagePrompt(positive=_one_line(positive), negative=_one_line(negative))


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

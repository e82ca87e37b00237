"""Renders the prompts that docs/prompts/ shows: what a chat model is told of a market."""

from __future__ import annotations

from pathlib import Path

from studio.app import Studio
from studio.copywriting.model import CopyRequest
from studio.copywriting.prompts import PromptBook
from studio.domain.brief import checked_slug
from studio.markets.facts import facts_of
from studio.settings import Settings

FOLDER = Path(__file__).parent / "prompts"
SHOWN = {"ja-JP": "craft", "de-DE": "proof"}
"""Markets and angles that are shown."""


def main() -> None:
    """Write one file per market."""
    studio = Studio(Settings())
    slug = checked_slug("smartchef-launch")
    brief = studio.briefs.check(studio.briefs.yaml(slug), slug=slug)
    FOLDER.mkdir(exist_ok=True)
    for locale, angle in SHOWN.items():
        pack = studio.library.pack(locale)
        request = CopyRequest(
            brief=brief,
            pack=pack,
            placements=tuple(studio.placements[name] for name in brief.placements),
            angle=angle,
            variant="v1",
            seed=brief.seed,
        )
        prompt = PromptBook().render(request, facts_of(brief, pack))
        text = (
            f"# What a chat model is told for {pack.market.name}, angle {angle}\n\n"
            "Rendered from `prompts/copy/` and the market pack by `python docs/prompts.py`.\n\n"
            f"## System message\n\n````text\n{prompt.system}\n````\n\n"
            f"## Request\n\n````text\n{prompt.request}\n````\n"
        )
        (FOLDER / f"{locale}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

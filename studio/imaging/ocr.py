"""Words on a picture, read by Tesseract where that is installed (Debian: tesseract-ocr)."""

from __future__ import annotations

import csv
import logging
import os
import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO, StringIO

from PIL import Image
from rapidfuzz import fuzz

from studio.imaging.colour import Bytes

logger = logging.getLogger(__name__)

SURE = 60.0
"""Tesseract's confidence (0–100) from which a word counts as read."""
FEWEST_LETTERS = 3
"""Letters and digits of a word; shorter finds are mostly edges and dots."""
SPARSE = "11"
"""Page segmentation: text anywhere, in no order."""
TIMEOUT_S = 60.0
NEAR = 0.5
"""How far a word may lie from where it was, in shares of its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word and its place in pixels."""

    text: str
    left: int
    top: int
    width: int
    height: int

    def is_near(self, other: Word) -> bool:
        """Whether the other one's place touches this one's, a little enlarged."""
        x, y = NEAR * self.height, NEAR * self.height
        return (
            other.left < self.left + self.width + x
            and other.left + other.width > self.left - x
            and other.top < self.top + self.height + y
            and other.top + other.height > self.top - y
        )


def reader() -> str | None:
    """Where Tesseract is, or None."""
    return shutil.which("tesseract")


def words_in(pixels: Bytes) -> tuple[Word, ...] | None:
    """The words on a picture, (height, width, 3), sRGB; None where they can't be read here."""
    program = reader()
    if program is None:
        return None
    encoded = BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG", compress_level=1)
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "--psm", SPARSE, "-l", "eng", "tsv"],
            input=encoded.getvalue(),
            capture_output=True,
            check=True,
            timeout=TIMEOUT_S,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        logger.warning("tesseract can't be used", extra={"why": str(error)})
        return None
    return _parsed(done.stdout.decode("utf-8", "replace"))


def _parsed(table: str) -> tuple[Word, ...]:
    """Tesseract's TSV: one line an element, words with text and confidence."""
    rows = csv.DictReader(StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Word(
            text=row["text"].strip(),
            left=int(row["left"]),
            top=int(row["top"]),
            width=int(row["width"]),
            height=int(row["height"]),
        )
        for row in rows
        if float(row["conf"]) >= SURE and _letters(row["text"]) >= FEWEST_LETTERS
    )


def _letters(text: str | None) -> int:
    return sum(character.isalnum() for character in text or "")


def agreement(wanted: tuple[Word, ...], found: tuple[Word, ...]) -> float:
    """How much of the wanted words is found where they were, by letters, 0–1; none: 1.

    A word's share is 1 - d / (m + n), with the edit distance d without substitutions of
    words of m and n letters.
    """
    total = sum(len(word.text) for word in wanted)
    if not total:
        return 1.0
    kept = sum(len(word.text) * _likeness(word, found) for word in wanted)
    return kept / total


def _likeness(word: Word, found: tuple[Word, ...]) -> float:
    near = [one.text for one in found if word.is_near(one)]
    return max((fuzz.ratio(word.text, text) / 100 for text in near), default=0.0)

"""What is installed, what is found, and how to mend what is missing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

from studio.app import Studio
from studio.errors import StudioError
from studio.imaging.fonts import load_faces
from studio.imaging.ocr import reader
from studio.settings import Settings

MODEL_PACKAGES = ("torch", "diffusers", "transformers", "langchain-huggingface")
NEEDED_SPACE_BYTES = 1024**3


class Verdict(StrEnum):
    """How good a finding is."""

    GOOD = "good"
    OPTIONAL = "optional"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One thing that was looked at."""

    what: str
    verdict: Verdict
    found: str
    remedy: str = ""


def examine(settings: Settings) -> tuple[Examined, ...]:
    """Look at everything that a campaign needs."""
    studio = Studio(settings)
    parts = (
        *(_python, _packages, _database, _models, _sets, _labels),
        *(_markets, _campaigns, _space),
    )
    return tuple(finding for part in parts for finding in part(studio))


def _python(_: Studio) -> Iterator[Examined]:
    yield Examined(what="Python", verdict=Verdict.GOOD, found=sys.version.split()[0])


def _packages(_: Studio) -> Iterator[Examined]:
    for name in ("gradio", "skia-python", "icu4py", "langchain", *MODEL_PACKAGES):
        optional = name in MODEL_PACKAGES
        try:
            found, verdict, remedy = version(name), Verdict.GOOD, ""
        except PackageNotFoundError:
            found, verdict = "not installed", Verdict.OPTIONAL if optional else Verdict.BAD
            remedy = "only for local models: pip install 'studio[models]'" if optional else ""
            remedy = remedy or "pip install studio"
        yield Examined(what=f"package {name}", verdict=verdict, found=found, remedy=remedy)


def _database(studio: Studio) -> Iterator[Examined]:
    try:
        count = len(studio.repository.campaigns())
    except StudioError as error:
        yield Examined(
            what="database",
            verdict=Verdict.BAD,
            found=str(error),
            remedy="set STUDIO_DATABASE_URL or STUDIO_DATA_DIR",
        )
    else:
        found = f"opens, {count} campaign(s)"
        yield Examined(what="database", verdict=Verdict.GOOD, found=found)


def _models(studio: Studio) -> Iterator[Examined]:
    for what, variable in (
        ("text_model", "STUDIO_TEXT_MODEL"),
        ("image_model", "STUDIO_IMAGE_MODEL"),
    ):
        try:
            model = getattr(studio, what)
        except StudioError as error:
            yield Examined(
                what=what.replace("_", " "),
                verdict=Verdict.BAD,
                found=str(error),
                remedy=f"set {variable}, or leave it out for the built-in one",
            )
        else:
            yield Examined(what=what.replace("_", " "), verdict=Verdict.GOOD, found=model.name)


def _sets(studio: Studio) -> Iterator[Examined]:
    try:
        names = studio.image_model.sets()
    except StudioError as error:
        yield Examined(what="sets", verdict=Verdict.BAD, found=str(error), remedy="reinstall")
        return
    verdict = Verdict.GOOD if names else Verdict.BAD
    remedy = "" if names else f"put sets into {studio.assets / 'sets'}"
    yield Examined(
        what="sets", verdict=verdict, found=", ".join(names) or "none", remedy=remedy
    )


def _labels(_: Studio) -> Iterator[Examined]:
    found = reader()
    yield Examined(
        what="label reading",
        verdict=Verdict.GOOD if found else Verdict.OPTIONAL,
        found=found or "not installed; labels on products that a model changed aren't read",
        remedy="" if found else "apt-get install tesseract-ocr",
    )


def _markets(studio: Studio) -> Iterator[Examined]:
    try:
        locales = studio.library.locales()
        packs = [studio.library.pack(locale) for locale in locales]
        categories = ", ".join(sorted(studio.library.benefits_by_category()))
    except StudioError as error:
        yield Examined(
            what="markets", verdict=Verdict.BAD, found=str(error), remedy="mend the pack"
        )
        return
    yield Examined(what="markets", verdict=Verdict.GOOD, found=", ".join(locales))
    yield Examined(what="product categories", verdict=Verdict.GOOD, found=categories)
    for pack in packs:
        faces = (pack.typefaces.heading, pack.typefaces.text)
        names = ", ".join(f"{face.family} {face.weight}" for face in faces)
        try:
            load_faces(pack.typefaces)
        except StudioError as error:
            names, verdict, remedy = str(error), Verdict.BAD, "pip install studio"
        else:
            verdict, remedy = Verdict.GOOD, ""
        what = f"fonts for {pack.market.locale}"
        yield Examined(what=what, verdict=verdict, found=names, remedy=remedy)


def _campaigns(studio: Studio) -> Iterator[Examined]:
    folder = studio.settings.campaigns_dir
    found = len(list(folder.glob("*/brief.yaml")))
    verdict = Verdict.GOOD if found else Verdict.OPTIONAL
    remedy = "" if found else "write the first brief: studio new my-campaign"
    yield Examined(
        what="campaigns", verdict=verdict, found=f"{found} in {folder.resolve()}", remedy=remedy
    )


def _space(studio: Studio) -> Iterator[Examined]:
    folder = studio.settings.data_dir
    free = shutil.disk_usage(folder if folder.exists() else ".").free
    verdict = Verdict.GOOD if free > NEEDED_SPACE_BYTES else Verdict.BAD
    remedy = "" if verdict is Verdict.GOOD else "free at least 1 GiB or set STUDIO_DATA_DIR"
    found = f"{free / 1024**3:.0f} GiB free"
    yield Examined(what="disk", verdict=verdict, found=found, remedy=remedy)

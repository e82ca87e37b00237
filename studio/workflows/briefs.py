"""Briefs on disk and in the store: written, checked, kept in versions."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from studio.domain.brief import Brief, checked_slug
from studio.domain.campaign import BriefVersion, CampaignSummary
from studio.domain.person import Person, Right
from studio.errors import BriefError, InputError, NotFound
from studio.intake.brief_form import BriefForm, fields_from_yaml, with_fields
from studio.intake.brief_yaml import BriefReader

BRIEF_FILE = "brief.yaml"


class BriefStore(Protocol):
    """The part of `studio.store.repository` that briefs need."""

    def save_brief(self, brief: Brief, yaml_text: str, *, by: str, at: datetime) -> None: ...
    def brief(self, slug: str) -> Brief: ...
    def brief_yaml(self, slug: str) -> str: ...
    def brief_versions(self, slug: str) -> tuple[BriefVersion, ...]: ...
    def campaigns(self) -> tuple[CampaignSummary, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefDesk:
    """Where briefs are written. The file is the truth; the store keeps every version."""

    store: BriefStore
    reader: BriefReader
    campaigns_dir: Path
    clock: Callable[[], datetime]

    def campaigns(self) -> tuple[CampaignSummary, ...]:
        """All campaigns that the store knows, the newest first."""
        return self.store.campaigns()

    def unread(self) -> tuple[str, ...]:
        """Campaign folders with a brief that was never loaded."""
        known = {campaign.slug for campaign in self.store.campaigns()}
        found = sorted(file.parent.name for file in self.campaigns_dir.glob(f"*/{BRIEF_FILE}"))
        return tuple(name for name in found if name not in known)

    def brief(self, slug: str) -> Brief:
        """The brief as it was last saved."""
        return self.store.brief(slug)

    def yaml(self, slug: str) -> str:
        """The brief's text: the file if it is there, else the newest version."""
        file = self.file(slug)
        if file.is_file():
            return _text(file)
        return self.store.brief_yaml(slug)

    def check(self, yaml_text: str, *, slug: str) -> Brief:
        """Read a text as this campaign's brief without saving it."""
        return self.reader.read(yaml_text, slug=slug, folder=self.folder(slug))

    def load(self, slug: str, person: Person) -> Brief:
        """Read the campaign's file; what differs from the newest version becomes one."""
        file = self.file(slug)
        if not file.is_file():
            raise NotFound(
                f"{file} doesn't exist; write it with `studio new {slug}` or choose one of: "
                f"{', '.join(self.unread()) or 'none yet'}."
            )
        return self._keep(slug, _text(file), person)

    def save(self, slug: str, yaml_text: str, person: Person) -> Brief:
        """Check a text, write it to the file and keep it as a version."""
        person.require(Right.WRITE_BRIEF)
        brief = self.check(yaml_text, slug=slug)
        _replace(self.file(slug), yaml_text)
        self._keep(slug, yaml_text, person)
        return brief

    def versions(self, slug: str) -> tuple[BriefVersion, ...]:
        """Every saved version, the newest first."""
        return self.store.brief_versions(slug)

    def new(self, slug: str, person: Person, *, copy_of: str | None = None) -> Path:
        """Write a commented brief to fill in, or a copy of another campaign's."""
        person.require(Right.WRITE_BRIEF)
        file = self.file(checked_slug(slug))
        if file.exists():
            raise InputError(f"{file} exists already; choose another name or edit it.")
        if copy_of is None:
            template = files("studio.intake").joinpath("brief_template.yaml")
            text = template.read_text("utf-8")
        else:
            text = self.yaml(copy_of)
        _replace(file, text)
        return file

    def form(self, yaml_text: str) -> BriefForm:
        """The fields that people change most."""
        return fields_from_yaml(yaml_text)

    def with_form(self, yaml_text: str, form: BriefForm) -> str:
        """The text with the form's changes; comments stay."""
        return with_fields(yaml_text, form)

    def photo_files(self, brief: Brief) -> tuple[Path, ...]:
        """The product's photos as files."""
        folder = self.folder(brief.slug)
        return tuple(
            self.reader.resolve(photo.path, folder=folder) for photo in brief.product.photos
        )

    def logo_file(self, brief: Brief) -> Path | None:
        """The brand's logo as a file, if the brief names one."""
        if not brief.brand.logo:
            return None
        return self.reader.resolve(brief.brand.logo, folder=self.folder(brief.slug))

    def folder(self, slug: str) -> Path:
        """The campaign's folder; a hostile slug can't name one elsewhere."""
        return self.campaigns_dir / checked_slug(slug)

    def file(self, slug: str) -> Path:
        """The campaign's brief.yaml."""
        return self.folder(slug) / BRIEF_FILE

    def _keep(self, slug: str, yaml_text: str, person: Person) -> Brief:
        brief = self.check(yaml_text, slug=slug)
        versions = self.store.brief_versions(slug)
        if not versions or versions[0].yaml_text != yaml_text:
            self.store.save_brief(brief, yaml_text, by=person.name, at=self.clock())
        return brief


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BriefError("isn't UTF-8 text; save it as UTF-8.", file=file.name) from error


def _replace(file: Path, text: str) -> None:
    """Write the whole file or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".brief-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
    Path(temporary).replace(file)

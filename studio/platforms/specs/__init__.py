"""Dated specs of each platform's placements, as data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from studio.domain.placement import Placement
from studio.errors import BriefError

FOLDER = Path(__file__).parent
PLACEMENT = TypeAdapter(Placement)


def load_placements(folder: Path = FOLDER) -> Mapping[str, Placement]:
    """All placements by id. Raises `BriefError` naming file and field."""
    placements: dict[str, Placement] = {}
    for file in sorted(folder.glob("*.yaml")):
        sheet: dict[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        for row in sheet["placements"]:
            shared = {"platform": sheet["platform"], "checked_on": str(sheet["checked_on"])}
            try:
                placement = PLACEMENT.validate_python(row | shared, extra="forbid")
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(map(str, (row.get("id", "?"), *first["loc"])))
                raise BriefError(first["msg"], file=file.name, field=field) from error
            placements[placement.id] = placement
    return placements

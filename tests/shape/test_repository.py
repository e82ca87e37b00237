"""Every module, setting and placement explains itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from studio.platforms.specs import load_placements
from studio.settings import Settings

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "studio").rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text("utf-8")))


def test_every_setting_is_in_the_documentation() -> None:
    docs = "".join(file.read_text("utf-8") for file in (ROOT / "docs").rglob("*.md"))
    docs += (ROOT / "README.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"STUDIO_{name.upper()}" not in docs]
    assert not missing


def test_placements_are_dated_data() -> None:
    for placement in load_placements().values():
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", placement.checked_on)
        for limit in placement.limits.values():
            assert 0 < limit.recommended <= limit.maximum
        safe = placement.safe_zone
        assert safe.top + safe.bottom < 0.6
        assert safe.left + safe.right < 0.4

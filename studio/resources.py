"""Where the data that travels with the program lies: prompts, assets, demo campaigns."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """Folder `prompts`, `assets` or `campaigns` of this installation.

    A source tree has them beside the package, a wheel has them inside it.
    """
    inside = PACKAGE / "data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name

"""How a mistake in a brief is told: where it is, and what to do."""

from __future__ import annotations

from typing import TypeAlias

FieldPath: TypeAlias = tuple[str | int, ...]
Problem: TypeAlias = tuple[FieldPath, str]
"""Path of a field, and what is wrong with it."""

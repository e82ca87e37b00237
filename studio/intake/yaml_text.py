"""YAML from strangers: no anchors, no tags, bounded in size and depth, with line numbers."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    NodeEvent,
    ScalarEvent,
)

from studio.errors import BriefError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12

Path: TypeAlias = Sequence[str | int]
"""Keys and indices that lead from the top of a document to a value."""


def round_trip() -> YAML:
    """A reader and writer that keeps comments, order and quotes."""
    yaml = YAML(typ="rt")
    yaml.width = 96
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def load(text: str, *, file: str) -> CommentedMap:
    """The document's top mapping; its nodes know their lines.

    Raises `BriefError` for what isn't YAML, is too large or too deep, or uses anchors, aliases
    or tags (which can blow up to gigabytes or build objects).
    """
    if len(text.encode()) > MAX_BYTES:
        raise BriefError(f"larger than {MAX_BYTES // 1024} KiB; shorten the texts.", file=file)
    try:
        _refuse_tricks(text, file=file)
        data = round_trip().load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise BriefError(
            f"not valid YAML: {error.problem or error.context}. Check indentation, colons and "
            "quotes on this line and the one before.",
            file=file,
            line=line,
        ) from error
    except BriefError:
        raise
    except (YAMLError, ValueError, RecursionError) as error:
        raise BriefError(f"not valid YAML: {error}", file=file) from error
    if not isinstance(data, CommentedMap):
        raise BriefError("empty or not a list of fields; write `title: …` first.", file=file)
    return data


def _refuse_tricks(text: str, *, file: str) -> None:
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(StringIO(text)):
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise BriefError(
                "anchors and aliases (& and *) aren't allowed.", file=file, line=line
            )
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag:
            raise BriefError(f"the tag {event.tag} isn't allowed.", file=file, line=line)
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise BriefError(f"nested deeper than {MAX_DEPTH} levels.", file=file, line=line)


def line_of(data: CommentedMap, path: Path) -> int | None:
    """Line (from 1) of the value at `path`, or of its nearest parent that is there."""
    node: Any = data
    line: int | None = None
    for key in path:
        try:
            if isinstance(node, CommentedMap):
                line = node.lc.key(key)[0] + 1
            elif isinstance(node, CommentedSeq):
                line = node.lc.item(key)[0] + 1
            node = node[key]
        except (KeyError, IndexError, TypeError):
            break
    return line


def plain(node: Any) -> Any:
    """The same data in plain dicts, lists and scalars."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node

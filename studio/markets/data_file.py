"""A data file of a market pack: read strictly, with errors that name file, line and field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from studio.errors import BriefError

T = TypeVar("T")

Place = tuple[str | int, ...]
"""Keys and indices that lead from the top of a file to a value."""

LARGEST_BYTES = 1_000_000
SCHEMA = 2
TO_WRITE = "«write»"
"""Stands for a text that a person has yet to write; no pack loads with it."""
UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
"""Kinds of error that a misspelt field gives; the one it was meant to be is missing, too."""


class PackLoader(yaml.CSafeLoader):
    """PyYAML's C parser, which is ten times faster than the one that knows lines.

    Only `true`, `false`, `null` and plain numbers are more than text, as in YAML 1.2, and a
    key may stand once.
    """

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: Any = None) -> dict[Any, Any]:
        """The mapping; raises where a key comes twice."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, bool(deep))
        return made


for _tag, _pattern, _first in (
    ("bool", "true|false", ["t", "f"]),
    ("null", "null|~|", ["n", "~", ""]),
    ("int", "-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", list("-0123456789")),
):
    PackLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first
    )


@dataclass(frozen=True, slots=True)
class DataFile:
    """One YAML file with its text."""

    path: Path
    text: str

    @classmethod
    def at(cls, path: Path) -> DataFile:
        """The file at `path`. Raises `BriefError` where it is missing, huge or not UTF-8."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BriefError("the file is missing; a pack needs it.", file=str(path)) from error
        if len(content) > LARGEST_BYTES:
            raise BriefError("larger than 1 MB; split the pack.", file=str(path))
        try:
            return cls(path, content.decode())
        except UnicodeDecodeError as error:
            raise BriefError("not UTF-8 text; save it as UTF-8.", file=str(path)) from error

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text."""
        return sha256(self.text.encode()).hexdigest()

    def read(self, shape: TypeAdapter[T]) -> T:
        """The file as `shape`; unknown keys are refused."""
        if TO_WRITE in self.text:
            line = self.text.partition(TO_WRITE)[0].count("\n") + 1
            left = self.text.count(TO_WRITE)
            raise BriefError(
                f"still to be written, here and in {left - 1} other places.",
                file=str(self.path),
                line=line,
            )
        data = self._parsed()
        if not isinstance(data, dict):
            raise BriefError("empty, or not a mapping of fields.", file=str(self.path))
        if data.pop("schema", None) != SCHEMA:
            raise self.error(f"must be {SCHEMA}; this studio reads no other.", ("schema",))
        try:
            return shape.validate_python(data, extra="forbid")
        except ValidationError as error:
            found = error.errors(include_url=False)
            first = next((item for item in found if item["type"] in UNKNOWN), found[0])
            raise self.error(_in_words(first["type"], first["msg"]), first["loc"]) from error

    def part(self, shape: TypeAdapter[T], key: str) -> T:
        """One field of the file as `shape`, whatever the others hold."""
        data = self._parsed()
        try:
            return shape.validate_python(
                data.get(key) if isinstance(data, dict) else None, extra="forbid"
            )
        except ValidationError as error:
            raise self.error(str(error.errors(include_url=False)[0]["msg"]), (key,)) from error

    def error(self, message: str, place: Place) -> BriefError:
        """An error at a value of this file."""
        field = ".".join(str(part) for part in place)
        return BriefError(message, file=str(self.path), line=self._line(place), field=field)

    def _parsed(self) -> object:
        try:
            return yaml.load(self.text, Loader=PackLoader)  # noqa: S506
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise BriefError(
                f"not valid YAML: {error.problem or error.context}.",
                file=str(self.path),
                line=mark.line + 1 if mark else None,
            ) from error
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise BriefError(f"not valid YAML: {error}", file=str(self.path)) from error

    def _line(self, place: Place) -> int | None:
        """Line (from 1) of the value, or of its nearest parent that is there."""
        node = YAML(typ="rt", pure=True).load(StringIO(self.text))
        line: int | None = None
        for key in place:
            try:
                where = node.lc.key(key) if isinstance(key, str) else node.lc.item(key)
                node = node[key]
            except (AttributeError, KeyError, IndexError, TypeError):
                break
            line = where[0] + 1
        return line


def _in_words(kind: str, message: str) -> str:
    if kind in UNKNOWN:
        return "no such field; check its spelling."
    if kind in ("missing", "missing_keyword_only_argument"):
        return "this field is missing."
    return f"{message[:1].lower()}{message[1:]}."

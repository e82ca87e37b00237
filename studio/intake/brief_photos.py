"""Photos of the product in a brief's text."""

from __future__ import annotations

from io import StringIO

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from studio.intake.yaml_text import load, round_trip


def with_photo(text: str, path: str, *, light_from: str, keep_others: bool) -> str:
    """`text` with a photo of the product; comments and all other fields are kept.

    Of the others only those stay that are lit from another side, and only if asked for: two
    photos of one brief must show the same product.
    """
    data = load(text, file="brief.yaml")
    if not isinstance(data.get("product"), dict):
        data["product"] = CommentedMap()
    product = data["product"]
    known = product.get("photos")
    others = known if keep_others and isinstance(known, list) else []
    kept = [each for each in others if _light_of(each) != light_from]
    photo = CommentedMap(path=path, light_from=light_from)
    if isinstance(known, list) and known and isinstance(known[-1], CommentedMap):
        _inherit_comments(known[-1], photo)
    if isinstance(known, CommentedSeq):
        # In place, so that the comments around the list stay where they are.
        known[:] = [*kept, photo]
    else:
        product["photos"] = CommentedSeq([*kept, photo])
    out = StringIO()
    round_trip().dump(data, out)
    return out.getvalue()


def _inherit_comments(last: CommentedMap, photo: CommentedMap) -> None:
    """What stands after the list belongs to its last entry, as the reader sees it."""
    final = next(reversed(last), None)
    if final in last.ca.items:
        photo.ca.items["light_from"] = last.ca.items.pop(final)


def _light_of(photo: object) -> str:
    return str(photo.get("light_from", "left")) if isinstance(photo, dict) else ""

"""How sure a fact of a pack is."""

from enum import StrEnum


class Certainty(StrEnum):
    """How well a fact is supported."""

    ESTABLISHED = "established"
    """Law, repeated research, or a custom that is documented everywhere."""
    LIKELY = "likely"
    HINT = "hint"
    """Trade lore; a starting point that clicks may overrule."""

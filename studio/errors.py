"""Every error that Studio raises on purpose, grouped by what the caller does next.

StudioError
├── InputError              a person mends the input; the message is shown as it is
│   ├── BriefError          names file, line and field
│   ├── NotFound            nothing of that name
│   ├── NotAllowed          the signed-in role may not do this
│   └── IllegalTransition   the creative may not go from here to there
├── TransientError          waiting helps; `retry_after_s` says how long
├── PermanentError          stop and tell the owner
└── Cancelled               somebody called the work off; nothing is wrong
"""

from __future__ import annotations


class StudioError(Exception):
    """Base of all errors that are not bugs."""


class InputError(StudioError, ValueError):
    """What was given is wrong; the message names the field and the remedy."""


class BriefError(InputError):
    """A brief (or another data file) can't be read as written."""

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        field: str = "",
        others: tuple[BriefError, ...] = (),
    ) -> None:
        self.file, self.line, self.field, self.reason = file, line, field, message
        self.others = others
        """Further errors of the same file, so that all can be mended at once."""
        place = ":".join(str(part) for part in (file, line) if part)
        own = ": ".join(part for part in (place, field, message) if part)
        super().__init__("\n".join([own, *map(str, others)]))


class NotFound(InputError):
    """The named thing doesn't exist."""


class NotAllowed(InputError):
    """The role of the signed-in person doesn't permit this."""


class IllegalTransition(InputError):
    """A creative can't take this step from where it is."""

    def __init__(self, creative_id: str, current: str, wanted: str) -> None:
        super().__init__(
            f"Creative {creative_id} is {current} and can't become {wanted} from there."
        )


class TransientError(StudioError):
    """The same call may succeed later."""

    def __init__(self, message: str, *, retry_after_s: float = 1.0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class PermanentError(StudioError):
    """Trying again won't help; somebody has to change something outside."""


class Cancelled(StudioError):
    """The work was called off before it was done."""

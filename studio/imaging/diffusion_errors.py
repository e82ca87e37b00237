"""What torch, diffusers and the model hub raise, told as what to do next."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from studio.errors import PermanentError, StudioError, TransientError

INSTALL = "install them with: pip install 'studio[models]'"
OFFLINE = (
    "is not on this computer and the model hub is switched off (HF_HUB_OFFLINE). Unset it, run "
    "`hf download {model}` where there is a network, or give the folder of a downloaded model"
)
GATED = (
    "is given out only after consent: accept its terms at https://huggingface.co/{model}, then "
    "sign in with `hf auth login` or set HF_TOKEN"
)
UNKNOWN = (
    "isn't on the model hub, or is private there. Check the spelling, or sign in with "
    "`hf auth login`"
)
NO_PIPELINE = (
    "is no pipeline in diffusers' layout: the hub has no model_index.json there, or a part "
    "that it names is missing"
)
SHORTAGES = ("out of memory", "can't allocate memory", "not enough memory", "alloc_cpu")
NO_SAFETENSORS = ("safetensors", "diffusion_pytorch_model", "model.safetensors")
RETRY_OUT_OF_MEMORY_S = 60.0
RETRY_HUB_S = 30.0


class ExtraMissing(PermanentError):
    """torch or diffusers isn't installed."""

    def __init__(self) -> None:
        super().__init__(f"diffusion models need diffusers and torch; {INSTALL}.")


class OutOfMemory(TransientError):
    """A device had too little memory."""

    def __init__(self, model: str, *, device: str) -> None:
        super().__init__(
            f"diffusion:{model} needs more memory than {device} has free, even one picture at "
            "a time with its parts taking turns. End other programs and try again, or choose a "
            "smaller model: studio models list.",
            retry_after_s=RETRY_OUT_OF_MEMORY_S,
        )


@contextmanager
def explained(model: str, *, device: str) -> Iterator[None]:
    """Whatever the block raises leaves it as a `StudioError` that names the remedy."""
    try:
        yield
    except StudioError:
        raise
    except Exception as error:
        told = explanation(error, model, device=device)
        if told is None:
            raise
        raise told from error


def explanation(error: Exception, model: str, *, device: str) -> StudioError | None:
    """The error as a person can act on it; None: it is a bug of ours."""
    if is_out_of_memory(error):
        return OutOfMemory(model, device=device)
    causes = tuple(_causes(error))
    for cause in causes:
        if told := _hub_failure(cause, model):
            return told
    for cause in causes:
        if told := _local_failure(cause, model):
            return told
    if isinstance(error, OSError | ValueError | RuntimeError | TypeError | NotImplementedError):
        return PermanentError(f"diffusion:{model} can't be used: {_first_line(error)}")
    return None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device or the computer had too little memory."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in text for words in SHORTAGES)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was raised from."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _hub_failure(error: BaseException, model: str) -> StudioError | None:
    import httpx
    from huggingface_hub import errors as hub

    # The order matters: a gated repository is also one that wasn't found.
    refusals = (
        (hub.GatedRepoError, GATED),
        (hub.RevisionNotFoundError, "has no such version on the model hub"),
        (hub.RepositoryNotFoundError, UNKNOWN),
        (hub.HFValidationError, UNKNOWN),
        (hub.OfflineModeIsEnabled, OFFLINE),
    )
    for kind, text in refusals:
        if isinstance(error, kind):
            return PermanentError(f"diffusion:{model} {text.format(model=model)}.")
    if isinstance(error, hub.LocalEntryNotFoundError) or _is_busy(error):
        return _unreachable(model)
    if isinstance(error, hub.EntryNotFoundError):
        return PermanentError(f"diffusion:{model} {NO_PIPELINE}.")
    if isinstance(error, httpx.TransportError | ConnectionError | TimeoutError):
        return _unreachable(model)
    return None


def _unreachable(model: str) -> StudioError:
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return PermanentError(f"diffusion:{model} {OFFLINE.format(model=model)}.")
    return TransientError(
        f"diffusion:{model}: the model hub can't be reached; check the network, or give the "
        "folder of a downloaded model.",
        retry_after_s=RETRY_HUB_S,
    )


def _is_busy(error: BaseException) -> bool:
    """Whether a server answered that it has too much to do."""
    response = getattr(error, "response", None)
    status = int(getattr(response, "status_code", 0))
    return status == 429 or status >= 500


def _local_failure(error: BaseException, model: str) -> StudioError | None:
    from safetensors import SafetensorError

    if isinstance(error, SafetensorError):
        return PermanentError(
            f"diffusion:{model}: a weights file is damaged or cut off ({_first_line(error)}); "
            "download the model again."
        )
    if isinstance(error, ImportError):
        return PermanentError(
            f"diffusion:{model} needs a package that isn't installed: {_first_line(error)}"
        )
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return PermanentError(
            f"diffusion:{model}: the disk is full; free space, or set HF_HOME to a folder on a "
            "larger disk."
        )
    if isinstance(error, OSError) and _misses_safetensors(error):
        return PermanentError(
            f"diffusion:{model} has no weights as *.safetensors for one of its parts; choose "
            f"another copy of the model or convert it. ({_first_line(error)})"
        )
    return None


def _misses_safetensors(error: OSError) -> bool:
    text = str(error)
    return "no file named" in text or (
        "find" in text and any(name in text for name in NO_SAFETENSORS)
    )


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__

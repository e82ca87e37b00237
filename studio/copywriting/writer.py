"""Asks a text model, keeps what passes, and asks again with the reason where it does not."""

from __future__ import annotations

import logging
from dataclasses import replace

from studio.copywriting.model import CopyRequest, TextModel
from studio.copywriting.validator import faults, tidied
from studio.domain.creative import Copy
from studio.domain.seeds import derive_seed
from studio.errors import PermanentError

logger = logging.getLogger(__name__)

TRIES = 3


def write_copy(model: TextModel, request: CopyRequest) -> Copy:
    """Copy that keeps to the limits, the claims and the brand's words.

    Raises `InputError` where the request can't be met, and `PermanentError` where the model
    gives nothing usable in three tries.
    """
    asked = request
    wrong: tuple[str, ...] = ()
    for attempt in range(TRIES):
        copy = tidied(model.write(asked))
        wrong = faults(copy, request)
        if not wrong:
            return copy
        logger.info(
            "copy refused",
            extra={"market": request.pack.market.locale, "attempt": attempt, "faults": wrong},
        )
        asked = replace(
            request, feedback=" ".join(wrong), seed=derive_seed(request.seed, "retry", attempt)
        )
    raise PermanentError(
        f"{model.name} wrote no usable copy for {request.pack.market.locale}, angle "
        f"{request.angle}, in {TRIES} tries: {' '.join(wrong)}"
    )

"""Failures of hub, disk and packages as they really arise, told with their remedy."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from studio.errors import PermanentError, StudioError, TransientError
from studio.imaging.diffusion_errors import explained, explanation

pytestmark = pytest.mark.models

MODEL = "acme/painter"


@contextmanager
def a_hub(respond: httpx.MockTransport) -> Iterator[None]:
    """The real hub client, switched on, with its answers from here instead of the network."""
    import huggingface_hub
    from huggingface_hub import constants
    from huggingface_hub.utils import _http

    offline = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = False
    huggingface_hub.set_client_factory(
        lambda: httpx.Client(transport=respond, follow_redirects=True)
    )
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = offline
        huggingface_hub.set_client_factory(_http.default_client_factory)


def asked(respond: httpx.MockTransport, folder: Path) -> StudioError:
    """What comes of asking a hub that answers so for a pipeline's index."""
    from huggingface_hub import hf_hub_download

    with a_hub(respond), pytest.raises(StudioError) as caught, explained(MODEL, device="cpu"):
        hf_hub_download(MODEL, "model_index.json", cache_dir=folder)
    return caught.value


def answering(status: int, code: str = "") -> httpx.MockTransport:
    headers = {"X-Error-Code": code} if code else {}
    return httpx.MockTransport(
        lambda request: httpx.Response(status, headers=headers, request=request)
    )


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "GatedRepo", r"accept its terms at https://huggingface\.co/acme/painter"),
        (403, "GatedRepo", r"`hf auth login` or set HF_TOKEN"),
        (404, "RepoNotFound", r"isn't on the model hub, or is private.*spelling"),
        (404, "RevisionNotFound", r"has no such version"),
        (404, "EntryNotFound", r"is no pipeline in diffusers' layout"),
    ],
)
def test_refusals_of_the_hub_are_permanent(
    status: int, code: str, words: str, tmp_path: Path
) -> None:
    error = asked(answering(status, code), tmp_path)
    assert isinstance(error, PermanentError)
    assert re.search(words, str(error))


def test_a_hub_out_of_reach_is_worth_another_try() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host", request=request)

    from huggingface_hub import HfApi

    with (
        a_hub(httpx.MockTransport(refuse)),
        pytest.raises(TransientError, match="check the network, or give the folder"),
        explained(MODEL, device="cpu"),
    ):
        HfApi().model_info(MODEL)


def test_a_busy_hub_is_worth_another_try() -> None:
    from huggingface_hub import HfApi

    with a_hub(answering(503)), pytest.raises(TransientError), explained(MODEL, device="cpu"):
        HfApi().model_info(MODEL)


def test_a_hub_that_is_switched_off_says_how_to_go_on(tmp_path: Path) -> None:
    from huggingface_hub import hf_hub_download

    with (
        pytest.raises(PermanentError, match=r"HF_HUB_OFFLINE.*hf download acme/painter"),
        explained(MODEL, device="cpu"),
    ):
        hf_hub_download(MODEL, "model_index.json", cache_dir=tmp_path)


def test_a_full_disk_is_named() -> None:
    told = explanation(OSError(errno.ENOSPC, "No space left on device"), MODEL, device="cpu")
    assert isinstance(told, PermanentError)
    assert "the disk is full; free space, or set HF_HOME" in str(told)


def test_a_missing_package_is_named() -> None:
    told = explanation(
        ImportError("KolorsPipeline requires sentencepiece"), MODEL, device="cpu"
    )
    assert isinstance(told, PermanentError)
    assert "needs a package that isn't installed: KolorsPipeline requires" in str(told)


def test_a_bug_is_none_of_these() -> None:
    assert explanation(AttributeError("oops"), MODEL, device="cpu") is None


def test_without_the_extra_the_first_picture_says_what_to_install() -> None:
    """In a process of its own, where torch and diffusers can't be imported."""
    script = """
import sys
sys.modules["torch"] = sys.modules["diffusers"] = None
from studio.errors import PermanentError
from studio.imaging.diffusion_pipelines import Runtime, load
from studio.imaging.diffusion_presets import Checkpoint, Mode
try:
    load(Checkpoint(model="acme/painter"), mode=Mode.AUTO, runtime=Runtime())
except PermanentError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "need diffusers and torch; install them with: pip install 'studio[models]'" in (
        done.stdout
    )

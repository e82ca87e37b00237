"""A set and packshots drawn once for all tests of pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from studio.imaging.model import PictureRequest
from tests.imaging.examples import a_request, a_set


@pytest.fixture(scope="session")
def picture_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `sets/plain` and two packshots."""
    folder = tmp_path_factory.mktemp("pictures")
    a_set(folder / "sets")
    a_request(folder)
    return folder


@pytest.fixture(scope="session")
def sets_dir(picture_files: Path) -> Path:
    return picture_files / "sets"


@pytest.fixture(scope="session")
def requests(picture_files: Path) -> Callable[..., PictureRequest]:
    """Makes requests with the drawn packshots."""
    return partial(a_request, picture_files)

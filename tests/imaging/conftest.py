"""A set and packshots drawn once for all tests of pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
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


@pytest.fixture(scope="session")
def one_torch_thread() -> Iterator[None]:
    """So small a model runs slower on several threads."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("diffusers")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def tiny(
    tmp_path_factory: pytest.TempPathFactory, one_torch_thread: None
) -> Callable[[str], Path]:
    """Makes the tiny pipeline of a family; each one once."""
    from tests.imaging.tiny_pipeline import save_tiny_pipeline

    folder = tmp_path_factory.mktemp("pipelines")
    return cache(lambda family: save_tiny_pipeline(folder, family))


@pytest.fixture(scope="session")
def tiny_depth(
    tmp_path_factory: pytest.TempPathFactory, one_torch_thread: None
) -> Callable[[str], Path]:
    """Makes the tiny depth network of a family; each one once."""
    from tests.imaging.tiny_pipeline import save_tiny_depth

    folder = tmp_path_factory.mktemp("depth")
    return cache(lambda family: save_tiny_depth(folder, family))

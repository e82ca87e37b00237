"""A photo's cut-out waits for a person, who alone makes it the product's photo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.domain.creative import Role
from studio.domain.geometry import Box
from studio.domain.person import Person
from studio.errors import InputError, NotAllowed
from studio.imaging.cutout import Method, cut_out
from studio.store.blobs import Blobs
from studio.workflows.photos import PhotoDesk
from tests.imaging.bad_photos import a_studio_picture, saved

MARA = Person(name="mara", role=Role.MARKETER)
RENE = Person(name="rene", role=Role.REVIEWER)


@pytest.fixture
def desk(tmp_path: Path) -> PhotoDesk:
    campaigns = tmp_path / "campaigns"
    return PhotoDesk(folder=lambda slug: campaigns / slug, pictures=Blobs(tmp_path / "blobs"))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return saved(a_studio_picture(), tmp_path / "disc.jpg", quality=95)


def test_an_accepted_cut_out_is_used_bit_by_bit_and_the_original_stays(
    desk: PhotoDesk, photo: Path
) -> None:
    proposal = desk.propose(photo, MARA, name="My Rice Cooker (2).PNG")
    path = desk.accept("launch", proposal, MARA)
    assert path == f"photos/my-rice-cooker-2-{proposal.cut[:8]}.png"
    stored = desk.folder("launch") / path
    assert stored.read_bytes() == desk.pictures.get(proposal.cut)
    original = stored.with_name(f"{stored.stem}-original.jpg")
    assert original.read_bytes() == photo.read_bytes()
    with Image.open(stored) as image:
        assert np.array_equal(cut_out(stored).rgba, np.asarray(image))
        assert image.info == {}


def test_nothing_is_beside_the_brief_before_somebody_confirms(
    desk: PhotoDesk, photo: Path
) -> None:
    proposal = desk.propose(photo, MARA)
    assert proposal.method is Method.KEYED
    assert proposal.faults == ()
    assert not desk.folder("launch").exists()


def test_accepting_twice_is_accepting_once(desk: PhotoDesk, photo: Path) -> None:
    paths = {desk.accept("launch", desk.propose(photo, MARA), MARA) for _ in range(2)}
    assert len(paths) == 1
    assert len(list((desk.folder("launch") / "photos").iterdir())) == 2


def test_a_poor_cut_cannot_be_accepted(desk: PhotoDesk, photo: Path) -> None:
    proposal = replace(desk.propose(photo, MARA), faults=("Its edge is a haze.",))
    with pytest.raises(InputError, match=r"disc\.jpg isn't cut out well: Its edge is a haze"):
        desk.accept("launch", proposal, MARA)
    assert not desk.folder("launch").exists()


def test_a_frame_cuts_the_same_photo_again(desk: PhotoDesk, photo: Path) -> None:
    proposal = desk.propose(photo, MARA)
    frame = Box(left=0.2, top=0.2, right=0.8, bottom=0.8)
    photo.unlink()
    again = desk.within(proposal, frame, MARA)
    assert (again.method, again.frame) == (Method.GRABCUT, frame)
    assert (again.original, again.name) == (proposal.original, "disc.jpg")


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "   .png", "製品.jpg", "a" * 300])
def test_no_name_leaves_the_campaigns_folder(desk: PhotoDesk, photo: Path, name: str) -> None:
    path = desk.accept("launch", desk.propose(photo, MARA, name=name), MARA)
    assert (
        (desk.folder("launch") / path)
        .resolve()
        .is_relative_to((desk.folder("launch") / "photos").resolve())
    )
    assert len(Path(path).name) < 60


def test_only_who_may_write_briefs_may_change_photos(desk: PhotoDesk, photo: Path) -> None:
    proposal = desk.propose(photo, MARA)
    for act in (
        lambda: desk.propose(photo, RENE),
        lambda: desk.within(proposal, Box(left=0, top=0, right=1, bottom=1), RENE),
        lambda: desk.accept("launch", proposal, RENE),
    ):
        with pytest.raises(NotAllowed, match="may not write briefs"):
            act()


def test_the_original_is_shown_on_white_where_it_is_transparent(
    desk: PhotoDesk, tmp_path: Path
) -> None:
    image = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    image.paste((200, 40, 30, 255), (100, 50, 200, 150))
    proposal = desk.propose(saved(image, tmp_path / "clear.png"), MARA)
    assert proposal.method is Method.TRANSPARENT
    with Image.open(desk.pictures.path(proposal.shown)) as shown:
        assert shown.format == "JPEG"
        assert shown.getpixel((5, 5)) == (255, 255, 255)

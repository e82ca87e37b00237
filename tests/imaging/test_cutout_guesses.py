"""Cuts of any photo are proposed with what was measured, and poor ones say why."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio.domain.geometry import Box
from studio.errors import InputError
from studio.imaging import rembg_cut
from studio.imaging.colour import Bytes, bytes_from_linear, linear_from_bytes
from studio.imaging.cut_quality import Side, measured
from studio.imaging.cutout import Method, cut_out, proposed_cut, to_png
from studio.imaging.grabcut import likely_frame, segmented
from studio.imaging.keying import FaintEdge, keyed
from studio.imaging.matting import matted, projected, trimap
from tests.imaging.bad_photos import a_studio_picture, saved
from tests.imaging.examples import a_packshot

SIDE = 420


def a_room(seed: int = 1) -> Bytes:
    """A blue wall over a wooden table, grainy as photos are."""
    y = np.mgrid[0:SIDE, 0:SIDE][0].astype(np.float32) / SIDE
    room = np.where(y[:, :, None] < 0.6, (70.0, 96.0, 122.0), (120.0, 88.0, 58.0))
    room = room * (1.1 - 0.3 * y[:, :, None])
    grain = np.random.default_rng(seed).normal(0, 2, room.shape)
    return np.clip(room + grain, 0, 255).astype(np.uint8)


def on(
    ground: Bytes, packshot: Path, *, left: int = 110, top: int = 120
) -> tuple[Bytes, Bytes]:
    """A packshot mixed into a ground in linear light, and its true alpha."""
    left, top = 110, 120
    with Image.open(packshot) as image:
        product = np.array(image)
    height, width = product.shape[:2]
    alpha = np.zeros(ground.shape[:2], np.uint8)
    alpha[top : top + height, left : left + width] = product[:, :, 3]
    colours = ground.copy()
    colours[top : top + height, left : left + width] = product[:, :, :3]
    share = alpha[:, :, None].astype(np.float32) / 255
    mixed = linear_from_bytes(colours) * share + linear_from_bytes(ground) * (1 - share)
    return bytes_from_linear(mixed), alpha


def alpha_error(found: Bytes, true: Bytes) -> float:
    """Mean absolute difference of alpha (0–1) within 4 px of the true edge."""
    soft = cv2.GaussianBlur(true, (0, 0), 1)
    near = cv2.dilate(((soft > 4) & (soft < 251)).astype(np.uint8), np.ones((7, 7), np.uint8))
    return float(np.abs(found.astype(int) - true)[near > 0].mean() / 255)


@pytest.fixture(scope="module")
def packshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_packshot(tmp_path_factory.mktemp("product") / "cooker.png", width=200)


def test_a_pale_product_on_white_keeps_all_of_itself(packshot: Path) -> None:
    """The cooker is #E9E6E0 to #F6F4F0 before a white wall: few steps, but sharp ones."""
    photo, true = on(np.full((SIDE, SIDE, 3), 255, np.uint8), packshot)
    alpha = keyed(photo, "cooker.png")[:, :, 3]
    both = ((alpha > 127) & (true > 127)).sum() / ((alpha > 127) | (true > 127)).sum()
    assert both > 0.99
    assert alpha_error(alpha, true) < 0.05


def test_a_lid_that_vanishes_in_the_ground_is_noticed(packshot: Path) -> None:
    """The lid has the ground's own colour; what is left of its edges gives it away."""
    picture = Image.new("RGB", (SIDE, SIDE), "#F0EFEC")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((110, 180, 310, 330), 30, fill="#8A6A50")
    draw.ellipse((120, 110, 300, 250), fill="#F0EFEC")
    draw.arc((120, 110, 300, 250), 200, 280, fill="#C8C4BC", width=3)
    photo = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)))
    with pytest.raises(FaintEdge, match="as light as its background"):
        keyed(photo, "cooker.png")


def test_a_shadow_of_eighty_steps_is_no_product() -> None:
    """It falls by two steps a pixel, more than a pale product's edge, but over forty pixels."""
    picture = Image.new("RGB", (400, 400), "#F4F4F2")
    shadow = Image.new("L", (400, 400), 0)
    ImageDraw.Draw(shadow).ellipse((70, 250, 330, 330), fill=200)
    picture.paste("#8C8C8C", mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    ImageDraw.Draw(picture).ellipse((100, 100, 299, 299), fill="#7A3B2E")
    photo = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)))
    solid = keyed(photo, "disc.png")[:, :, 3] > 127
    assert np.ptp(np.flatnonzero(solid.any(axis=1))) == pytest.approx(199, abs=3)
    assert np.ptp(np.flatnonzero(solid.any(axis=0))) == pytest.approx(199, abs=3)


def test_a_product_in_a_room_is_proposed_with_its_frame(tmp_path: Path, packshot: Path) -> None:
    photo, true = on(a_room(), packshot)
    path = saved(Image.fromarray(photo), tmp_path / "room.png")
    proposal = proposed_cut(path)
    assert proposal.method is Method.GRABCUT
    assert proposal.faults == ()
    assert proposal.frame is not None
    rows, columns = np.nonzero(true > 127)
    assert proposal.cut.rgba.shape[1] == pytest.approx(np.ptp(columns) + 1, abs=4)
    assert proposal.cut.rgba.shape[0] == pytest.approx(np.ptp(rows) + 1, abs=4)
    assert proposal.quality.agreement > 0.97
    assert proposal.quality.area_share == pytest.approx((true > 127).mean(), rel=0.02)


def test_matting_finds_the_edge_between_the_pixels(packshot: Path) -> None:
    photo, true = on(a_room(), packshot)
    mask = true > 127
    rough = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    rgba = matted(photo, rough, band_px=5)
    assert alpha_error(rgba[:, :, 3], true) < 0.04
    assert alpha_error(np.where(rough, 255, 0).astype(np.uint8), true) > 0.15


def test_opaque_pixels_are_the_photos_own(packshot: Path) -> None:
    photo, true = on(a_room(), packshot)
    for rgba in (
        matted(photo, true > 127, band_px=4),
        projected(photo, true > 127, reach_px=3),
    ):
        opaque = rgba[:, :, 3] == 255
        assert opaque.mean() > 0.1
        assert np.array_equal(rgba[:, :, :3][opaque], photo[opaque])


def test_the_rim_has_the_products_colour_not_the_walls() -> None:
    """A red square before green: half covered, its pixels are red at half alpha."""
    ground = np.full((80, 80, 3), (40, 160, 60), np.uint8)
    cover = np.zeros((80, 80, 1), np.float32)
    cover[20:60, 20:60] = 1
    cover[20:60, 60] = 0.5
    red = linear_from_bytes(np.array((200, 40, 30), np.uint8))
    photo = bytes_from_linear(linear_from_bytes(ground) * (1 - cover) + red * cover)
    for rgba in (
        matted(photo, cover[:, :, 0] > 0.4, band_px=3),
        projected(photo, cover[:, :, 0] > 0.4, reach_px=3),
    ):
        assert rgba[40, 60].tolist() == pytest.approx([200, 40, 30, 128], abs=6)


def test_the_trimap_is_unsure_on_both_sides_of_the_edge() -> None:
    mask = np.zeros((1, 12), bool)
    mask[:, 6:] = True
    known = trimap(np.repeat(mask, 9, axis=0), band_px=2)[4]
    assert known.tolist() == [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1]


def test_an_unlikely_frame_is_the_middle() -> None:
    flat = np.full((90, 120, 3), 128, np.uint8)
    frame = likely_frame(flat)
    assert 0 <= frame.left < 0.5 < frame.right <= 1


def test_a_frame_keeps_neighbours_out(packshot: Path) -> None:
    room = a_room()
    room[200:280, 20:90] = (200, 40, 40)
    photo, true = on(room, packshot)
    frame = Box(left=105 / SIDE, top=115 / SIDE, right=318 / SIDE, bottom=308 / SIDE)
    mask = segmented(photo, frame).mask
    assert not mask[200:280, 20:90].any()
    assert (mask & (true > 127)).sum() / (mask | (true > 127)).sum() > 0.97


@pytest.mark.parametrize(("top", "beyond"), [(0.315, ()), (0.5, (Side.TOP,))])
def test_a_frame_may_be_a_little_tight_but_not_more(
    tmp_path: Path, packshot: Path, top: float, beyond: tuple[Side, ...]
) -> None:
    """The cooker stands from 30 % to 70 % of the height; the frame's top lies below that."""
    photo, _ = on(a_room(), packshot)
    path = saved(Image.fromarray(photo), tmp_path / "room.png")
    frame = Box(left=0.24, top=top, right=0.76, bottom=0.74)
    proposal = proposed_cut(path, frame=frame)
    assert proposal.quality.beyond == beyond
    assert any("goes on behind the top" in fault for fault in proposal.faults) == bool(beyond)


def test_jpeg_fringes_on_a_flat_ground_are_ground(tmp_path: Path) -> None:
    pixels = np.full((300, 600, 3), (40, 70, 150), np.uint8)
    y, x = np.mgrid[0:300, 0:600]
    pixels[(x - 150) ** 2 + (y - 150) ** 2 < 90**2] = (220, 120, 40)
    path = saved(Image.fromarray(pixels), tmp_path / "flat.jpg", quality=90)
    quality = proposed_cut(
        path, frame=Box(left=0.06, top=0.12, right=0.44, bottom=0.88)
    ).quality
    assert (quality.width_px, quality.height_px) == pytest.approx((180, 180), abs=3)


def test_two_looks_that_disagree_are_no_ground_to_cut_on(tmp_path: Path) -> None:
    """The frame is far larger than the disc in it: its middle is ground, and more so."""
    pixels = a_room()
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    pixels[(x - 210) ** 2 + (y - 210) ** 2 < 45**2] = (220, 120, 40)
    path = saved(Image.fromarray(pixels), tmp_path / "small.png")
    proposal = proposed_cut(path, frame=Box(left=0.1, top=0.1, right=0.9, bottom=0.9))
    assert proposal.quality.agreement < 0.94
    clear = replace(proposal.quality, faint_share=0.0, longest_faint_share=0.0)
    assert any("Two looks agree" in fault for fault in clear.faults)


def test_the_same_photo_is_always_cut_the_same_way(tmp_path: Path, packshot: Path) -> None:
    photo, _ = on(a_room(), packshot)
    path = saved(Image.fromarray(photo), tmp_path / "room.png")
    one, other = (to_png(proposed_cut(path).cut.rgba) for _ in range(2))
    assert one == other


def test_a_photo_that_needs_a_guess_is_not_used_unseen(tmp_path: Path, packshot: Path) -> None:
    photo, _ = on(a_room(), packshot)
    path = saved(Image.fromarray(photo), tmp_path / "room.png")
    with pytest.raises(InputError, match="no plain light background.*`studio cutout`"):
        cut_out(path)


def test_a_proposal_that_was_stored_is_used_bit_by_bit(tmp_path: Path, packshot: Path) -> None:
    photo, _ = on(a_room(), packshot)
    cut = proposed_cut(saved(Image.fromarray(photo), tmp_path / "room.png")).cut
    (tmp_path / "cut.png").write_bytes(to_png(cut.rgba))
    assert np.array_equal(cut_out(tmp_path / "cut.png").rgba, cut.rgba)


@pytest.mark.parametrize(
    ("box", "sides"),
    [
        ((300, 150, 420, 300), (Side.RIGHT,)),
        ((150, 0, 300, 200), (Side.TOP,)),
        ((0, 250, 200, 420), (Side.BOTTOM, Side.LEFT)),
    ],
)
def test_a_product_cut_by_the_photos_edge_is_told(
    box: tuple[int, int, int, int], sides: tuple[Side, ...]
) -> None:
    alpha = Image.new("L", (SIDE, SIDE))
    ImageDraw.Draw(alpha).rectangle(box, fill=255)
    photo = a_room()
    rgba = np.dstack([photo, np.asarray(alpha)])
    quality = measured(rgba, photo)
    assert quality.cut_by == sides
    assert f"cut off at the photo's {sides[0]}" in quality.faults[0]


def test_what_is_measured_of_a_square_by_hand() -> None:
    """A dark 200 px square, 40 000 of 176 400 px, on grey: contrast as OKLab has it."""
    photo = np.full((SIDE, SIDE, 3), 200, np.uint8)
    photo[100:300, 100:300] = 60
    alpha = np.zeros((SIDE, SIDE, 1), np.uint8)
    alpha[100:300, 100:300] = 255
    quality = measured(np.concatenate([photo, alpha], axis=2), photo)
    assert (quality.width_px, quality.height_px) == (200, 200)
    assert quality.area_share == pytest.approx(40_000 / 176_400)
    # OKLab lightness of a grey is the cube root of its linear light.
    light, dark = ((((each / 255 + 0.055) / 1.055) ** 2.4) ** (1 / 3) for each in (200, 60))
    assert quality.contrast == pytest.approx(light - dark, abs=0.005)
    assert (quality.faint_share, quality.longest_faint_share) == (0, 0)
    assert (quality.soft_px, quality.main_part_share, quality.faults) == (0, 1, ())


def test_an_outline_through_nothing_is_a_guess() -> None:
    """The right half of the outline runs where the photo shows no edge."""
    photo = np.full((SIDE, SIDE, 3), 200, np.uint8)
    photo[100:300, 100:] = 60
    alpha = np.zeros((SIDE, SIDE, 1), np.uint8)
    alpha[100:300, 100:300] = 255
    quality = measured(np.concatenate([photo, alpha], axis=2), photo)
    assert quality.faint_share == pytest.approx(0.25, abs=0.02)
    assert quality.longest_faint_share == pytest.approx(0.25, abs=0.02)
    assert any("outline is a guess" in fault for fault in quality.faults)


def test_a_hazy_edge_and_scattered_pieces_are_faults() -> None:
    photo = np.full((SIDE, SIDE, 3), 220, np.uint8)
    photo[100:300, 60:180] = photo[100:300, 240:360] = 40
    alpha = cv2.GaussianBlur((photo[:, :, 0] < 128).astype(np.float32), (0, 0), 9)
    rgba = np.dstack([photo, (alpha * 255).astype(np.uint8)])
    faults = " ".join(measured(rgba, photo).faults)
    assert "like a haze" in faults
    assert "falls into pieces, the largest 50%" in faults


def test_nothing_and_next_to_nothing_are_faults() -> None:
    photo = np.full((SIDE, SIDE, 3), 220, np.uint8)
    empty = np.dstack([photo, np.zeros((SIDE, SIDE), np.uint8)])
    assert measured(empty, photo).faults
    small = empty.copy()
    small[200:210, 200:230, 3] = 255
    assert "only 30 × 10 pixels" in measured(small, photo).faults[0]


def test_without_rembg_the_remedy_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rembg", None)
    path = saved(a_studio_picture(), tmp_path / "disc.png")
    with pytest.raises(
        InputError, match=r"rembg isn't installed; run `pip install 'studio\[cut"
    ):
        proposed_cut(path, method=Method.REMBG)


def test_a_rembg_without_its_engine_does_not_end_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rembg.py").write_text("raise SystemExit(1)\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "rembg", raising=False)
    path = saved(a_studio_picture(), tmp_path / "disc.png")
    with pytest.raises(InputError, match="rembg isn't installed"):
        proposed_cut(path, method=Method.REMBG)


def test_a_network_that_cannot_be_downloaded_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(name: str) -> object:
        raise ConnectionError(f"no route to the host of {name}")

    offline = types.ModuleType("rembg")
    offline.new_session = refused  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rembg", offline)
    rembg_cut._session.cache_clear()
    path = saved(a_studio_picture(), tmp_path / "disc.png")
    with pytest.raises(
        InputError, match=r"^rembg's network .* can't be downloaded .*no route.*Go online"
    ):
        proposed_cut(path, method=Method.REMBG)


def test_a_networks_mask_gets_the_same_edge(
    tmp_path: Path, packshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, true = on(a_room(), packshot)
    network = types.ModuleType("rembg")
    network.new_session = lambda name: name  # type: ignore[attr-defined]
    network.remove = lambda image, **_: Image.fromarray(true)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rembg", network)
    rembg_cut._session.cache_clear()
    path = saved(Image.fromarray(photo), tmp_path / "room.png")
    proposal = proposed_cut(path, method=Method.REMBG)
    rembg_cut._session.cache_clear()
    assert proposal.method is Method.REMBG
    assert proposal.faults == ()


def test_plain_and_transparent_photos_need_no_matting_library(tmp_path: Path) -> None:
    """numba takes seconds to import; whoever has clean photos never waits for it."""
    import subprocess

    saved(a_studio_picture(), tmp_path / "white.png")
    a_packshot(tmp_path / "clear.png")
    code = (
        "import sys; from pathlib import Path; from studio.imaging.cutout import proposed_cut;"
        "found = [proposed_cut(Path(name)).method for name in sys.argv[1:]];"
        "assert found == ['keyed', 'transparent'], found;"
        "assert not {'numba', 'pymatting', 'rembg'} & set(sys.modules)"
    )
    files = [str(tmp_path / "white.png"), str(tmp_path / "clear.png")]
    subprocess.run([sys.executable, "-c", code, *files], check=True)

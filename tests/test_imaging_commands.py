"""`studio cutout` writes a cut-out that is good, and says what is wrong with one that isn't."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.imaging.bad_photos import a_studio_picture, saved
from tests.test_cli import run


def test_a_photo_on_white_is_cut_out_and_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = saved(a_studio_picture(), tmp_path / "disc.jpg", quality=95)
    assert run(monkeypatch, "cutout", str(photo)) == 0
    shown = capsys.readouterr().out
    assert "by its plain light background" in shown
    assert "disc-cutout.png" in shown.replace("\n", "")
    with Image.open(tmp_path / "disc-cutout.png") as image:
        assert image.mode == "RGBA"
        assert image.size == pytest.approx((200, 200), abs=4)


def test_a_frame_decides_what_is_the_product(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two discs on blue; the frame is around the left one."""
    pixels = np.full((300, 600, 3), (40, 70, 150), np.uint8)
    y, x = np.mgrid[0:300, 0:600]
    for middle in (150, 450):
        pixels[(x - middle) ** 2 + (y - 150) ** 2 < 90**2] = (220, 120, 40)
    photo = saved(Image.fromarray(pixels), tmp_path / "two.png")
    to = tmp_path / "left.png"
    words = ("cutout", str(photo), "--out", str(to), "--frame", "8,15,42,85")
    assert run(monkeypatch, *words) == 0
    with Image.open(to) as image:
        assert image.size == pytest.approx((180, 180), abs=4)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--frame", "1,2,3"), "--frame: '1,2,3' is no frame"),
        (("--frame", "80,10,20,90"), "is no frame"),
        (("--frame", "10,10,200,90"), "is no frame"),
        (("--out", "cut.jpg"), "--out: cut.jpg should end with .png"),
        (("--method", "transparent"), "disc.jpg has no transparency"),
    ],
)
def test_mistakes_end_in_one_line(
    words: tuple[str, ...],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    photo = saved(a_studio_picture(), tmp_path / "disc.jpg")
    assert run(monkeypatch, "cutout", str(photo), *words) == 2
    assert message in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == [photo]


def test_a_poor_cut_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bar that leaves the photo on the right."""
    pixels = np.full((300, 400, 3), (40, 70, 150), np.uint8)
    pixels[110:190, 150:] = (220, 120, 40)
    photo = saved(Image.fromarray(pixels), tmp_path / "bar.png")
    assert run(monkeypatch, "cutout", str(photo), "--frame", "30,25,100,75") == 2
    assert "cut off at the photo's right edge" in capsys.readouterr().err
    assert not (tmp_path / "bar-cutout.png").exists()

"""A film's file is what platforms take: codecs, size, frames, time and colour, read back."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import numpy as np
import pytest

from studio.imaging.video import BT709, LIMITED_RANGE, TO_BT709, film_file, yuv420

SIZE, FPS, FRAMES = (96, 128), 30, 45
BRAND = (140, 47, 27)


def frames(count: int = FRAMES) -> Iterator[np.ndarray]:
    """A bar that crosses a ground of one colour."""
    for index in range(count):
        frame = np.full((SIZE[1], SIZE[0], 3), BRAND, np.uint8)
        frame[:, index : index + 20] = (240, 235, 220)
        yield frame


@pytest.fixture(scope="module")
def data() -> bytes:
    return film_file(frames(), size_px=SIZE, fps=FPS)


def test_codecs_size_rate_and_length(data: bytes) -> None:
    with av.open(io.BytesIO(data)) as film:
        video, sound = film.streams.video[0], film.streams.audio[0]
        assert (video.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height) == SIZE
        assert video.pix_fmt == "yuv420p"
        assert video.average_rate == FPS
        assert float(video.duration * video.time_base) == pytest.approx(FRAMES / FPS)
        assert (sound.rate, sound.layout.name) == (48_000, "stereo")
        assert sum(1 for _ in film.decode(video=0)) == FRAMES


def test_colours_are_tagged_bt_709_in_limited_range(data: bytes) -> None:
    with av.open(io.BytesIO(data)) as film:
        context = film.streams.video[0].codec_context
        tags = (context.color_primaries, context.color_trc, context.colorspace)
        assert tags == (BT709, BT709, BT709)
        assert context.color_range == LIMITED_RANGE


def test_a_brand_colour_comes_back_as_it_was(data: bytes) -> None:
    with av.open(io.BytesIO(data)) as film:
        frame = next(film.decode(video=0))
        pixels = frame.reformat(
            format="rgb24", src_colorspace="ITU709", dst_color_range="JPEG"
        ).to_ndarray()
    assert np.abs(pixels[:, 60:].astype(int) - BRAND).max() <= 4


def test_the_sound_is_silent_and_as_long_as_the_film(data: bytes) -> None:
    with av.open(io.BytesIO(data)) as film:
        waves = [frame.to_ndarray() for frame in film.decode(audio=0)]
    assert max(float(np.abs(wave).max()) for wave in waves) < 1e-4
    samples = sum(wave.shape[1] for wave in waves)
    assert samples == pytest.approx(48_000 * FRAMES / FPS, abs=2 * 1024)


def test_it_starts_to_play_before_it_is_whole(data: bytes) -> None:
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_equal_frames_give_equal_bytes(data: bytes) -> None:
    assert film_file(frames(), size_px=SIZE, fps=FPS) == data


def test_luma_and_chroma_worked_by_hand() -> None:
    # BT.709: Y' = 16 + 219 (0.2126 R + 0.7152 G + 0.0722 B); black 16, white 235.
    red = TO_BT709 @ [255, 0, 0, 1]
    assert red == pytest.approx([16 + 219 * 0.2126, 102.3, 240], abs=0.1)
    blue = TO_BT709 @ [0, 0, 255, 1]
    assert blue == pytest.approx([16 + 219 * 0.0722, 240, 117.7], abs=0.1)
    grey = np.full((4, 4, 3), 128, np.uint8)
    planes = yuv420(grey)
    assert planes.shape == (6, 4)
    assert set(planes[:4].ravel()) == {round(16 + 219 * 128 / 255)}
    assert set(planes[4:].ravel()) == {128}

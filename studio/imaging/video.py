"""Frames become a film file: H.264 in MP4 with a silent track, as ad platforms take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from studio.errors import PermanentError
from studio.imaging.colour import LUMINANCE, Bytes, Floats

CRF = "19"
"""Constant quality of x264: what is lost can't be seen on a still frame."""
PRESET = "veryfast"
"""On two cores: twice as fast as `faster`, and smaller at the same CRF."""
MOST_BITS_PER_S = 8_000_000
MOST_BYTES = 30_000_000
THREADS = 4
"""Fixed, so that equal frames give equal bytes on every machine."""
SECONDS_PER_KEYFRAME = 2
SAMPLES_PER_S, SOUND_BITS_PER_S, SOUND_FRAME = 48_000, 128_000, 1024
BT709, LIMITED_RANGE = 1, 1
"""Codes of ITU-T H.273 for primaries, transfer and matrix; of FFmpeg for 16–235."""


def _to_bt709() -> Floats:
    """R'G'B' bytes to Y'CbCr bytes in limited range, (3, 4) (ITU-R BT.709-6, §3)."""
    red, green, blue = (float(weight) for weight in LUMINANCE)
    luma = np.array([red, green, blue])
    blue_difference = (np.array([0, 0, 1.0]) - luma) / (2 * (1 - blue))
    red_difference = (np.array([1.0, 0, 0]) - luma) / (2 * (1 - red))
    rows = np.stack([luma * 219 / 255, blue_difference * 224 / 255, red_difference * 224 / 255])
    return np.column_stack([rows, [16, 128, 128]]).astype(np.float32)


TO_BT709 = _to_bt709()


def film_file(frames: Iterable[Bytes], *, size_px: tuple[int, int], fps: int) -> bytes:
    """Frames, (height, width, 3) sRGB each, as an MP4 that starts to play while it loads.

    size_px: width and height, both even. Equal frames give equal bytes.
    """
    with TemporaryDirectory(prefix="studio-film-") as folder:
        file = Path(folder) / "film.mp4"
        try:
            _write(file, frames, size_px, fps)
        except FFmpegError as error:
            raise PermanentError(f"The film can't be encoded: {error}.") from error
        data = file.read_bytes()
    if len(data) > MOST_BYTES:
        raise PermanentError(
            f"The film has {len(data) // 1_000_000} MB; {MOST_BYTES // 1_000_000} MB are the "
            "most that every platform takes."
        )
    return data


def _write(file: Path, frames: Iterable[Bytes], size_px: tuple[int, int], fps: int) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(file), "w", format="mp4", options=options) as container:
        video, sound = _video_stream(container, size_px, fps), _sound_stream(container)
        count = 0
        for frame in _frames(frames, fps):
            container.mux(video.encode(frame))
            count += 1
        container.mux(video.encode(None))
        for silence in _silence(round(count * SAMPLES_PER_S / fps)):
            container.mux(sound.encode(silence))
        container.mux(sound.encode(None))


def _video_stream(
    container: OutputContainer, size_px: tuple[int, int], fps: int
) -> VideoStream:
    stream = container.add_stream("libx264", rate=fps)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size_px
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    assert isinstance(context, VideoCodecContext)
    context.thread_count = THREADS
    context.color_range = LIMITED_RANGE
    context.colorspace = context.color_primaries = context.color_trc = BT709
    context.options = {
        "crf": CRF,
        "preset": PRESET,
        "profile": "high",
        "maxrate": str(MOST_BITS_PER_S),
        "bufsize": str(MOST_BITS_PER_S),
        "g": str(SECONDS_PER_KEYFRAME * fps),
        "aq-mode": "3",
    }
    return stream


def _sound_stream(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("aac", rate=SAMPLES_PER_S, layout="stereo")
    assert isinstance(stream, AudioStream)
    stream.codec_context.bit_rate = SOUND_BITS_PER_S
    return stream


def _frames(frames: Iterable[Bytes], fps: int) -> Iterator[av.VideoFrame]:
    for index, pixels in enumerate(frames):
        frame = av.VideoFrame.from_ndarray(yuv420(pixels), format="yuv420p")
        frame.pts, frame.time_base = index, Fraction(1, fps)
        frame.color_range, frame.colorspace = LIMITED_RANGE, BT709
        yield frame


def yuv420(pixels: Bytes) -> Bytes:
    """Y'CbCr in limited range, colours at half size: plane after plane, (1.5 height, width)."""
    height, width = pixels.shape[:2]
    full = cv2.transform(pixels, TO_BT709)
    half = cv2.resize(full, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    planes = (full[:, :, 0].ravel(), half[:, :, 1].ravel(), half[:, :, 2].ravel())
    return np.asarray(np.concatenate(planes).reshape(height * 3 // 2, width), np.uint8)


def _silence(samples: int) -> Iterator[av.AudioFrame]:
    for start in range(0, samples, SOUND_FRAME):
        length = min(SOUND_FRAME, samples - start)
        frame = av.AudioFrame.from_ndarray(
            np.zeros((2, length), np.float32), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.pts = SAMPLES_PER_S, start
        frame.time_base = Fraction(1, SAMPLES_PER_S)
        yield frame

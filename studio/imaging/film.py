"""A short film of one ad: the camera moves, words enter, the end card calls."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product as combinations
from pathlib import Path

import cv2
import numpy as np

from studio.domain.placement import FILM_SIZES, Placement
from studio.errors import InputError
from studio.imaging.colour import Bytes
from studio.imaging.easing import drift, ease_in_out, ease_out, share
from studio.imaging.end_card import GROWTH, CardMaker, EndCard
from studio.imaging.inks import LEAST_CONTRAST
from studio.imaging.model import PictureRequest
from studio.imaging.paint import HALO_PX, reached
from studio.imaging.parallax import MOVES, Camera, Parallax
from studio.imaging.plates import Plates, plates_of
from studio.imaging.sprites import Place, ProductSprite, Sprite
from studio.imaging.storyboard import (
    ENTER_S,
    FPS,
    TURN_S,
    Enter,
    Setting,
    Storyboard,
    storyboard,
)
from studio.imaging.subtitles import srt, subtitles, vtt
from studio.imaging.text_layers import GROUNDS, TextLayer
from studio.imaging.typeset import TypesetRequest, Typesetter
from studio.imaging.video import film_file

VERSION = "1"
"""Goes up when the same request gives another film."""
AMOUNTS = (1.0, 0.75, 0.5, 0.25)
"""How much of a camera's move is tried in turn, until no words suffer from it."""
PIVOTS = (0.5, 0.0, 1.0)
"""Towards what a push goes, in shares of the product's height from its top: towards its top,
it grows away from words above it."""
SAMPLES = 5
"""Places of the camera at which words are measured."""
CLEAR = 14.0
"""Least distance of the product from words, at a shorter side of 1080 px."""
GONE_SHARE = 0.35
"""Part of the turn to the end card after which the scene's words have gone."""
WIPED_SHARE, MOVES_SHARE = 0.65, 0.30
"""Parts of the turn: the new ground is there after the one, the product leaves after the
other, when its shadow has been covered."""
SOFT_WIPE = 0.02
"""Width of the edge between scene and end card, in shares of the picture's."""
FOOT_SHARE = 0.03
"""The product's foot above its lower edge, in shares of its width."""

Progress = Callable[[float], None]
"""Told how much of the film is drawn, 0–1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FilmRequest:
    """One ad: how its picture was made, the picture, and the words on it."""

    picture: PictureRequest
    typeset: TypesetRequest
    """With the picture without words, and the layout that the still has."""
    fps: int = FPS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Footage:
    """A finished film with its subtitles."""

    data: bytes
    """MP4: H.264 and a silent track."""
    srt: str
    vtt: str
    width_px: int
    height_px: int
    seconds: float
    fps: int
    move: str
    amount: float
    """How much of the camera's move the words left, 0–1."""


class FilmMaker:
    """Makes films; holds nothing between them."""

    def __init__(self, sets_dir: Path, typesetter: Typesetter | None = None) -> None:
        self._sets_dir = sets_dir
        self._typesetter = typesetter or Typesetter()

    def shoot(self, request: FilmRequest, progress: Progress = lambda _: None) -> Footage:
        """The film; raises `InputError` for what has no film and says what to do."""
        require_size(request.typeset.placement)
        reel = self.reel(request)
        words, market = request.typeset.copy, request.typeset.market
        said = subtitles(reel.board, words, market)
        data = film_file(
            _told(reel.frames(), reel.board.frames, progress),
            size_px=reel.size,
            fps=request.fps,
        )
        return Footage(
            data=data,
            srt=srt(said),
            vtt=vtt(said, market),
            width_px=reel.size[0],
            height_px=reel.size[1],
            seconds=reel.board.seconds,
            fps=request.fps,
            move=reel.move.name,
            amount=reel.amount,
        )

    def reel(self, request: FilmRequest) -> Reel:
        """Everything that the frames are drawn from."""
        typeset = request.typeset
        picture = np.asarray(typeset.image.convert("RGB"))
        plates = plates_of(request.picture, picture, self._sets_dir)
        layers = self._typesetter.layers(typeset)
        card = CardMaker(typeset, plates.cut.rgba, self._typesetter).card()
        board = storyboard(
            typeset.copy,
            Setting(
                scene=_lines(layers),
                card=_lines(card.layers),
                ready=_has_panel_at_once(layers),
            ),
            market=typeset.market,
            seed=typeset.seed,
            fps=request.fps,
        )
        return Reel(plates, layers, card, board)

    def fingerprint(self, request: FilmRequest, still_sha256: str) -> str:
        """SHA-256 of all that shapes the film; the still stands for picture, words and type."""
        typeset = request.typeset
        shaping = {
            "version": VERSION,
            "still": still_sha256,
            "fps": request.fps,
            "seed": typeset.seed,
            "layout": typeset.layout,
            "market": typeset.market.locale,
            "placement": typeset.placement.id,
            "copy": [typeset.copy.headline, typeset.copy.body, typeset.copy.offer_line]
            + [typeset.copy.cta, typeset.copy.legal_line],
            "palette": [typeset.palette.id, typeset.palette.button, typeset.palette.accent],
        }
        return sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()


def require_size(placement: Placement) -> None:
    """Refuse placements whose shape no platform plays films in."""
    if not placement.plays_films:
        known = ", ".join(f"{width} × {height}" for width, height in FILM_SIZES)
        raise InputError(
            f"placement {placement.id}: films have {known} px, and this one has "
            f"{placement.width_px} × {placement.height_px}; choose a placement of those sizes."
        )


class Reel:
    """Draws the frames of one film."""

    def __init__(
        self, plates: Plates, layers: Sequence[TextLayer], card: EndCard, board: Storyboard
    ) -> None:
        height, width = plates.ground.shape[:2]
        self.size, self.board = (width, height), board
        self._unit = min(width, height) / 1080
        self._card = card
        product = plates.product
        self._still = Place(
            product.left_px, product.top_px, product.rgba.shape[1], product.rgba.shape[0]
        )
        self._foot = (self._still.middle, self._still.bottom - FOOT_SHARE * self._still.width)
        self._plates = plates
        pushes = [camera.push for move in MOVES for camera in (move.start, move.end)]
        largest = self._still.width / (1 - max(pushes))
        self._product = ProductSprite(plates.cut.rgba, largest)
        self._large = ProductSprite(plates.cut.rgba, card.place.width * (1 + GROWTH))
        windows = [layer for layer in layers if layer.kind == "window"]
        self._window = windows[0] if windows else None
        self._scene = _staged(layers, board.scene)
        self._closing = _staged(card.layers, board.card)
        self.move, self.amount = board.move, 0.0
        self._parallax = self._seen_from(PIVOTS[0])
        self._choose_move(layers)

    def frames(self) -> Iterator[Bytes]:
        """Every frame of the film, (height, width, 3)."""
        for index in range(self.board.frames):
            yield self.frame(index / self.board.fps)

    def frame(self, now_s: float) -> Bytes:
        """The picture at one moment."""
        if now_s < self.board.card_s:
            return self._in_scene(now_s)
        if now_s < self.board.card_s + TURN_S:
            return self._turning(now_s)
        return self._on_card(now_s)

    def _in_scene(self, now_s: float) -> Bytes:
        camera = self._camera(now_s)
        frame = self._parallax.seen(camera)
        grounds = [each for each in self._scene if each[0].layer.kind == "scrim"]
        words = [each for each in self._scene if each[0].layer.kind != "scrim"]
        self._enter(frame, grounds, now_s)
        self._product.over(frame, self._stand(camera))
        frame = self._framed(frame)
        self._enter(frame, words, now_s)
        return frame

    def _framed(self, view: Bytes) -> Bytes:
        """The view where the layout shows it: everywhere, or through its window."""
        window = self._window
        if window is None:
            return view
        frame = np.zeros((self.size[1], self.size[0], 3), np.uint8)
        height, width = window.rgba.shape[:2]
        left, top = window.origin
        frame[window.rows, window.columns] = view[top : top + height, left : left + width]
        return frame

    def _turning(self, now_s: float) -> Bytes:
        time = share(now_s, start_s=self.board.card_s, takes_s=TURN_S)
        covered = ease_in_out(share(time, start_s=0.0, takes_s=WIPED_SHARE))
        way = ease_in_out(share(time, start_s=MOVES_SHARE, takes_s=1 - MOVES_SHARE))
        camera = self._camera(now_s)
        frame = self._framed(self._parallax.seen(camera))
        for sprite, _ in self._scene:
            stays = sprite.layer.kind == "panel" and self._window is not None
            sprite.faded_over(frame, 1.0 if stays else 1 - time / GONE_SHARE)
        card = self._card
        # The shadow falls when the product lands, not before.
        landed = way**4
        shaded = np.asarray(
            cv2.addWeighted(card.grounded, landed, card.ground, 1 - landed, 0), np.uint8
        )
        wipe(frame, shaded, covered, mirrored=self.board.mirrored)
        product = self._product if way < 0.5 else self._large
        product.over(frame, self._shown(camera).towards(card.place, way))
        self._enter(frame, self._closing, now_s)
        return frame

    def _on_card(self, now_s: float) -> Bytes:
        frame = self._card.grounded.copy()
        start = self.board.card_s + TURN_S
        time = share(now_s, start_s=start, takes_s=self.board.seconds - start)
        self._large.over(frame, self._card.place.scaled(1 + GROWTH * ease_out(time)))
        self._enter(frame, self._closing, now_s)
        return frame

    def _enter(
        self, frame: Bytes, staged: Iterable[tuple[Sprite, float]], now_s: float
    ) -> None:
        for sprite, start_s in staged:
            time = share(now_s, start_s=start_s, takes_s=ENTER_S)
            if sprite.layer.is_ground or not start_s:
                sprite.faded_over(frame, 1.0 if not start_s else ease_out(time))
            else:
                sprite.entering_over(
                    frame, ease_out(time), mirrored=self.board.mirrored, unit_px=self._unit
                )

    def _camera(self, now_s: float) -> Camera:
        """Through the scene, and on while it turns into the end card."""
        way = drift(share(now_s, start_s=0.0, takes_s=self.board.card_s + TURN_S))
        return self._at(way)

    def _at(self, way: float) -> Camera:
        return self.move.at(way, amount=self.amount, mirrored=self.board.mirrored)

    def _seen_from(self, pivot: float) -> Parallax:
        """The ground, with pushes towards a point at the product, so far down its height."""
        width, height = self.size
        x, y = self._still.middle, self._still.top + self._still.height * pivot
        limited = (
            min(max(x, 0.35 * width), 0.65 * width),
            min(max(y, 0.3 * height), 0.7 * height),
        )
        return Parallax(self._plates.ground, self._plates.depth, pivot=limited, foot=self._foot)

    def _stand(self, camera: Camera) -> Place:
        """Where the product stands: on its foot's place in the moved picture."""
        plane = self._parallax.plane(camera)
        left, top = plane.of(self._still.left - 0.5, self._still.top - 0.5)
        return Place(
            left + 0.5,
            top + 0.5,
            plane.scale * self._still.width,
            plane.scale * self._still.height,
        )

    def _shown(self, camera: Camera) -> Place:
        """The same where the layout's window shows it."""
        window = self._window
        if window is None:
            return self._stand(camera)
        left, top = window.origin
        return self._stand(camera).moved(window.left_px - left, window.top_px - top)

    def _choose_move(self, layers: Sequence[TextLayer]) -> None:
        """The largest move that leaves all words readable and clear of the product.

        The storyboard's own comes before others that are as large; none is the last resort.
        """
        first = MOVES.index(self.board.move)
        moves = (*MOVES[first:], *MOVES[:first])
        ways = np.linspace(0, 1, SAMPLES).tolist()
        seen = {pivot: self._seen_from(pivot) for pivot in PIVOTS}
        for self.amount, self.move, pivot in combinations(AMOUNTS, moves, PIVOTS):
            self._parallax = seen[pivot]
            cameras = [self._at(way) for way in ways]
            if all(self._is_clear(each, layers) for each in cameras) and all(
                self._is_readable(each, layers) for each in cameras
            ):
                return
        self.move, self.amount = self.board.move, 0.0

    def _is_clear(self, camera: Camera, layers: Sequence[TextLayer]) -> bool:
        """Whether the product keeps its distance, or half of what the still leaves it."""
        free = ("scrim", "window") if self._window is None else GROUNDS
        still, stand = self._shown(Camera()), self._shown(camera)
        return all(
            _gap(stand, layer) >= min(CLEAR * self._unit, _gap(still, layer) / 2)
            for layer in layers
            if layer.kind not in free
        )

    def _is_readable(self, camera: Camera, layers: Sequence[TextLayer]) -> bool:
        frame = self._parallax.seen(camera)
        self._product.over(frame, self._stand(camera))
        frame = self._framed(frame)
        for sprite, _ in self._scene:
            if sprite.layer.is_ground:
                sprite.over(frame)
        return least_contrast(frame, layers) >= LEAST_CONTRAST


def least_contrast(ground: Bytes, layers: Iterable[TextLayer]) -> float:
    """The least WCAG contrast of words with what is behind them; buttons bring their own."""
    ratios = []
    for layer in layers:
        if layer.is_ground or layer.kind in ("cta", "logo"):
            continue
        alpha = layer.rgba[:, :, 3]
        if not (alpha > 200).any():
            continue
        red, green, blue = (np.median(layer.rgba[alpha > 200][:, :3], axis=0) / 255).tolist()
        near = cv2.dilate(alpha, np.ones((2 * HALO_PX + 1, 2 * HALO_PX + 1), np.uint8)) > 76
        behind = np.asarray(ground[layer.rows, layer.columns][near])
        ratios.append(reached((red, green, blue), behind))
    return min(ratios, default=21.0)


def wipe(frame: Bytes, other: Bytes, way: float, *, mirrored: bool) -> None:
    """Uncover another picture from where reading starts, with a soft edge."""
    width = frame.shape[1]
    columns = (np.arange(width, dtype=np.float32) + 0.5) / width
    columns = 1 - columns if mirrored else columns
    shares = np.clip((way * (1 + SOFT_WIPE) - columns) / SOFT_WIPE, 0, 1)
    whole = shares >= 1
    frame[:, whole] = other[:, whole]
    part = (shares > 0) & ~whole
    if part.any():
        soft = shares[part][None, :, None]
        frame[:, part] = np.rint(frame[:, part] * (1 - soft) + other[:, part] * soft)


def _gap(stand: Place, layer: TextLayer) -> float:
    """How far the product is from what is seen of a layer, in px; less than 0: it overlaps."""
    left, top, right, bottom = layer.seen_px
    across = max(left - stand.right, stand.left - right)
    down = max(top - stand.bottom, stand.top - bottom)
    return max(across, down)


def _lines(layers: Iterable[TextLayer]) -> dict[str, int]:
    """How many layers each field has."""
    return dict(Counter(layer.kind for layer in layers if not layer.is_ground))


def _has_panel_at_once(layers: Sequence[TextLayer]) -> bool:
    """Whether the logo stands on a panel, which would be empty without the headline."""
    logos = {layer.group for layer in layers if layer.kind == "logo"}
    return any(layer.kind == "panel" and layer.group in logos for layer in layers)


def _staged(
    layers: Sequence[TextLayer], enters: Sequence[Enter]
) -> tuple[tuple[Sprite, float], ...]:
    """Each layer with the moment it enters; grounds come with the first of their words."""
    starts = {(each.field, each.line): each.start_s for each in enters}
    groups: dict[str, float] = {}
    framed = any(layer.kind == "window" for layer in layers)
    for layer in layers:
        if not layer.is_ground:
            start = starts.get((layer.kind, layer.line), 0.0)
            groups[layer.group] = min(start, groups.get(layer.group, start))
    return tuple(
        (
            Sprite.of(layer),
            0.0
            if framed and layer.kind == "panel"
            else groups.get(layer.group, 0.0)
            if layer.kind in GROUNDS
            else starts.get((layer.kind, layer.line), 0.0),
        )
        for layer in layers
        if layer.kind != "window"
    )


def _told(frames: Iterator[Bytes], count: int, progress: Progress) -> Iterator[Bytes]:
    for done, frame in enumerate(frames, 1):
        yield frame
        progress(done / count)

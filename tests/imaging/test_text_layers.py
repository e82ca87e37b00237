"""The layers of an ad are the ad: laid over its picture they give the still."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from studio.imaging.layout import LAYOUTS
from studio.imaging.text_layers import TextLayer, composite
from studio.imaging.typeset import TypesetRequest, Typesetter
from tests.imaging.examples import NIGHT, SAND
from tests.imaging.test_typeset import LOCALES, a_request

CLOSE = 2
"""Byte steps that two roundings may differ by."""


def lossless(request: TypesetRequest) -> TypesetRequest:
    return replace(request, placement=replace(request.placement, formats=("png",)))


def still(request: TypesetRequest) -> np.ndarray:
    data = Typesetter().typeset(request).data
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def layers(request: TypesetRequest) -> tuple[TextLayer, ...]:
    return Typesetter().layers(request)


def kinds(found: tuple[TextLayer, ...]) -> list[str]:
    return [layer.kind for layer in found]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("palette", [SAND, NIGHT], ids=["light", "dark"])
def test_layers_over_the_picture_are_the_still(locale: str, palette: object) -> None:
    request = lossless(a_request(locale, palette=palette))
    made = composite(np.asarray(request.image), layers(request)).astype(int)
    assert np.abs(made - still(request)).max() <= CLOSE


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_comes_apart_into_its_still(layout: str) -> None:
    request = lossless(a_request("en-US"))
    fitting = {Typesetter().typeset(replace(request, seed=seed)).layout for seed in range(12)}
    if layout not in fitting:
        pytest.skip(f"{layout} has no room here")
    asked = replace(request, layout=layout)
    made = composite(np.asarray(asked.image), layers(asked)).astype(int)
    assert np.abs(made - still(asked)).max() <= CLOSE


def test_busy_ground_brings_a_scrim_before_its_words() -> None:
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 256, (540, 540, 3), np.uint8)
    request = lossless(a_request("en-US", image=Image.fromarray(noise)))
    request = replace(request, layout="centred")
    found = layers(request)
    first = kinds(found).index("scrim")
    assert found[first].is_ground
    assert all(
        kinds(found).index(layer.kind) > first
        for layer in found
        if layer.group == found[first].group and not layer.is_ground
    )
    made = composite(noise, found).astype(int)
    assert np.abs(made - still(request)).max() <= CLOSE


@pytest.mark.parametrize("locale", LOCALES)
def test_the_headline_comes_in_its_lines_from_the_top(locale: str) -> None:
    found = [each for each in layers(a_request(locale)) if each.kind == "headline"]
    assert [layer.line for layer in found] == list(range(len(found)))
    seen = [layer.seen_px for layer in found]
    assert all(above[3] <= below[1] for above, below in zip(seen, seen[1:], strict=False))
    assert all(top < bottom for _, top, _, bottom in seen)


def test_every_field_is_one_layer_and_a_button_moves_whole() -> None:
    found = layers(a_request("de-DE"))
    for kind in ("body", "cta", "offer_line", "logo"):
        assert kinds(found).count(kind) == 1, kind
    assert not {"arrow", "shadow"} & set(kinds(found))

"""What every image model does. A subclass gives `model` and `requests`, a request maker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.errors import InputError, NotFound
from studio.imaging.cutout import cut_out, resampled
from studio.imaging.fidelity import check_fidelity
from studio.imaging.model import ImageModel, PictureRequest, Staged

Requests = Callable[..., PictureRequest]


def pixels(staged: Staged) -> np.ndarray:
    return np.asarray(staged.image)


class ImageModelContract:
    """`requests(**changes)` gives a request for a set that the model has."""

    def test_it_knows_the_sets_it_stages_in(
        self, model: ImageModel, requests: Requests
    ) -> None:
        assert requests().set in model.sets()

    def test_it_knows_the_sets_where_a_product_belongs(
        self, model: ImageModel, requests: Requests
    ) -> None:
        request = requests()
        cards = {card.id: card for card in model.sets_for(request.product)}
        assert set(cards) <= set(model.sets())
        assert cards[request.set].family == "studio"
        assert model.sets_for(replace(request.product, width_cm=900)) == ()

    def test_the_picture_has_exactly_the_placements_size(
        self, model: ImageModel, requests: Requests
    ) -> None:
        request = requests()
        image = model.stage(request).image
        assert image.mode == "RGB"
        assert image.size == (request.placement.width_px, request.placement.height_px)

    def test_equal_requests_give_equal_pixels(
        self, model: ImageModel, requests: Requests
    ) -> None:
        one, other = model.stage(requests()), model.stage(requests())
        assert np.array_equal(pixels(one), pixels(other))
        assert one.product_box == other.product_box

    def test_another_seed_gives_another_picture(
        self, model: ImageModel, requests: Requests
    ) -> None:
        one, other = model.stage(requests(seed=1)), model.stage(requests(seed=2))
        assert not np.array_equal(pixels(one), pixels(other))

    def test_the_products_opaque_pixels_are_the_resampled_photo_bit_by_bit(
        self, model: ImageModel, requests: Requests
    ) -> None:
        request = requests()
        staged = model.stage(request)
        width, height = staged.image.size
        box = staged.product_box
        left, right = round(box.left * width), round(box.right * width)
        top, bottom = round(box.top * height), round(box.bottom * height)
        source = resampled(cut_out(request.photos[0]).rgba, right - left, bottom - top)
        opaque = source[:, :, 3] == 255
        assert opaque.mean() > 0.5
        shown = pixels(staged)[top:bottom, left:right]
        assert np.array_equal(shown[opaque], source[:, :, :3][opaque])
        assert check_fidelity(staged, request).holds

    def test_the_fingerprint_follows_everything_that_shapes_the_picture(
        self, model: ImageModel, requests: Requests, tmp_path: Path
    ) -> None:
        request = requests()
        known = {model.fingerprint(request)}
        assert model.fingerprint(requests()) in known
        other_photo = tmp_path / "other.png"
        other_photo.write_bytes(request.photos[0].read_bytes() + b"more")
        palette = replace(request.palette, wall="#123456")
        for changed in (
            replace(request, seed=request.seed + 1),
            replace(request, closeness=1.08),
            replace(request, palette=palette),
            replace(request, photos=(other_photo, request.photos[1])),
            replace(request, placement=replace(request.placement, height_px=300)),
            replace(request, product=replace(request.product, width_cm=20)),
        ):
            print_ = model.fingerprint(changed)
            assert print_ not in known
            known.add(print_)

    def test_an_unknown_set_is_named(self, model: ImageModel, requests: Requests) -> None:
        with pytest.raises(NotFound, match=r"set: there is no set 'moon'; choose one of plain"):
            model.stage(requests(set="moon"))

    def test_a_text_file_named_png_is_named(
        self, model: ImageModel, requests: Requests, tmp_path: Path
    ) -> None:
        fake = tmp_path / "cooker.png"
        fake.write_text("this is no picture")
        with pytest.raises(InputError, match=r"product\.photos: cooker\.png is no PNG"):
            model.stage(requests(photos=(fake, fake)))

    def test_a_missing_photo_is_named(
        self, model: ImageModel, requests: Requests, tmp_path: Path
    ) -> None:
        gone = tmp_path / "gone.png"
        with pytest.raises(NotFound, match=r"product\.photos: there is no file .*gone\.png"):
            model.stage(requests(photos=(gone, gone)))

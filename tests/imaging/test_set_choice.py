"""A product comes into sets of its kind and size, or into the nearest ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio.imaging.scene import SceneSpec
from studio.imaging.set_choice import STRETCH, misfit, suiting
from tests.imaging.examples import SET, a_product

COOKER = replace(a_product(), width_cm=27.0)


def spec(name: str, **changes: Any) -> SceneSpec:
    record = {**SET, "id": name, "product_cm": [8, 45], **changes}
    return SceneSpec.model_validate(record)


def ids(*specs: SceneSpec, width_cm: float = 27.0, category: str = "rice_cooker") -> list[str]:
    product = replace(COOKER, width_cm=width_cm, height_cm=1.0, category=category)
    return [each.id for each in suiting(specs, product)]


TABLE = spec("table")
DESK = spec("desk", product_cm=[2, 15])
FLOOR = spec("floor", product_cm=[30, 60])
KITCHEN = spec("kitchen", categories=["rice_cooker", "kettle"])
STAGE = spec("stage", scale="free")


def test_the_sets_made_for_a_kind_come_first() -> None:
    assert ids(TABLE, DESK, FLOOR, KITCHEN, STAGE) == ["kitchen", "table", "stage"]
    assert ids(TABLE, KITCHEN, category="earbuds") == ["table"]


def test_a_range_includes_its_ends() -> None:
    assert ids(TABLE, width_cm=8) == ids(TABLE, width_cm=45) == ["table"]


def test_a_stage_of_free_scale_suits_any_size() -> None:
    assert ids(TABLE, FLOOR, STAGE, width_cm=4) == ["stage"]
    assert ids(TABLE, FLOOR, STAGE, width_cm=200) == ["stage"]


def test_where_no_size_fits_the_nearest_is_taken_within_reason() -> None:
    """20 cm: the desk is missed by 20/15 = 1.33, the floor by 30/20 = 1.5."""
    assert ids(DESK, FLOOR, width_cm=20) == ["desk"]
    assert ids(DESK, FLOOR, width_cm=15 * STRETCH + 0.01) == ["floor"]
    assert ids(FLOOR, width_cm=60 * STRETCH) == ["floor"]
    assert ids(FLOOR, width_cm=60 * STRETCH + 0.1) == []


def test_a_set_for_other_kinds_is_never_the_nearest() -> None:
    assert ids(KITCHEN, category="earbuds") == []


@pytest.mark.parametrize(("width", "factor"), [(4, 2.0), (8, 1.0), (45, 1.0), (90, 2.0)])
def test_how_far_a_width_lies_outside(width: float, factor: float) -> None:
    assert misfit(TABLE, replace(COOKER, width_cm=width, height_cm=1)) == factor


def test_a_tower_is_as_large_as_it_is_high() -> None:
    """29 cm wide and 54 high: 54/45 = 1.2 times too high for a table, right for a stage."""
    tower = replace(COOKER, width_cm=29, height_cm=54)
    assert misfit(TABLE, tower) == pytest.approx(1.2)
    assert [spec.id for spec in suiting([TABLE, STAGE], tower)] == ["stage"]

"""Which sets a product belongs in: by its kind and by its size."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from studio.domain.brief import Product
from studio.imaging.model import SetCard
from studio.imaging.scene import SceneSpec, read_spec, set_ids

DARK = "dark"
"""Tag of sets that live on darkness."""
STRETCH = 1.5
"""Factor by which a product may be larger or smaller than a set says, where nothing fits."""


def sets_for(product: Product, sets_dir: Path) -> tuple[SetCard, ...]:
    """The sets of a folder where the product belongs, or nearly."""
    specs = [read_spec(sets_dir / name) for name in set_ids(sets_dir)]
    return tuple(
        SetCard(id=spec.id, family=spec.family, season=spec.season, is_dark=DARK in spec.tags)
        for spec in suiting(specs, product)
    )


def suiting(specs: Iterable[SceneSpec], product: Product) -> tuple[SceneSpec, ...]:
    """Those made for the product's kind first, then those for any kind; all of its size.

    Where the size fits no set that is for its kind, the ones it misses by least, up to
    `STRETCH`, are returned. A set for other kinds only is never one of them.
    """
    kin = sorted(
        (spec for spec in specs if not spec.categories or product.category in spec.categories),
        key=lambda spec: not spec.categories,
    )
    misfits = {spec.id: misfit(spec, product) for spec in kin}
    least = min((one for one in misfits.values() if one <= STRETCH), default=0.0)
    return tuple(spec for spec in kin if misfits[spec.id] <= least)


def misfit(spec: SceneSpec, product: Product) -> float:
    """Factor by which a product is too narrow, or too wide or high, for a set; 1: it fits."""
    if spec.scale == "free":
        return 1.0
    smallest, largest = spec.product_cm
    size = max(product.width_cm, product.height_cm)
    return max(1.0, smallest / product.width_cm, size / largest)

"""Pictures one ad of each market side by side: docs/images/markets.jpg."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from studio.app import Studio
from studio.domain.creative import Creative
from studio.reporting.contact_sheet import Strip, Thumb, contact_sheet, to_jpeg
from studio.settings import Settings

FILE = Path(__file__).parent / "images" / "markets.jpg"
SLUG = "smartchef-world"
COLUMNS = 5
HEIGHT_PX = 380
QUALITY = 78


def main() -> None:
    """Generate the campaign anew and write the sheet."""
    with tempfile.TemporaryDirectory() as data:
        os.environ["STUDIO_DATA_DIR"] = data
        subprocess.run([sys.executable, "-m", "studio", "generate", SLUG], check=True)
        studio = Studio(Settings())
        strips = [_strip(studio, creative) for creative in _first_of_each(studio)]
    sheet = contact_sheet(strips, columns=COLUMNS, height_px=HEIGHT_PX)
    FILE.write_bytes(to_jpeg(sheet, quality=QUALITY))


def _first_of_each(studio: Studio) -> Iterator[Creative]:
    """The strongest variant of each market, in the order of the brief."""
    creatives = studio.repository.creatives(SLUG)
    for market in studio.repository.brief(SLUG).markets:
        yield next(each for each in creatives if each.market == market)


def _strip(studio: Studio, creative: Creative) -> Strip:
    content = studio.blobs.get(creative.rendition.sha256)
    title = studio.library.pack(creative.market).market.name.partition(" (")[0]
    return Strip(title=title, thumbs=(Thumb(content=content, status=creative.status),))


if __name__ == "__main__":
    main()

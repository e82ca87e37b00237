"""Ads are typeset readable, inside the safe zone, clear of the product, in every script."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import skia
from PIL import Image, ImageCms

from studio.domain.creative import Copy
from studio.domain.geometry import Box
from studio.domain.placement import Insets
from studio.errors import InputError, NotFound
from studio.imaging.colour import contrast, luminance
from studio.imaging.fonts import load_faces
from studio.imaging.items import Workshop
from studio.imaging.layout import LAYOUTS
from studio.imaging.paint import reached
from studio.imaging.sizes import type_scale
from studio.imaging.text import Run, TextEngine
from studio.imaging.typeset import Typeset, TypesetRequest, Typesetter
from tests.imaging.examples import (
    NIGHT,
    SAND,
    a_copy,
    a_market,
    a_placement,
    typefaces_of,
)

SQUARE = a_placement(540, 540)
PORTRAIT = a_placement(540, 675)
STORY = a_placement(540, 960, safe_zone=Insets(top=0.14, bottom=0.35, left=0.06, right=0.06))
PRODUCT = Box(left=0.27, top=0.40, right=0.73, bottom=0.77)
LOCALES = ("en-US", "de-DE", "ja-JP", "ar-SA")
COPIES = {
    "en-US": a_copy(),
    "de-DE": a_copy(
        headline="Guter Reis muss nicht teuer sein.",
        body="Das Rechnen übernimmt SmartChef.",
        cta="Jetzt entdecken",
        offer_line="129,99\u00a0€ inkl. MwSt.",
    ),
    "ja-JP": a_copy(
        headline="いつものごはんに、いい道具を。",
        body="毎日気兼ねなくお使いいただけます。",
        cta="詳しく見る",
        offer_line="29,800円（税込）",
        legal_line="※画像はイメージです。",
    ),
    "ar-SA": a_copy(
        headline="جودة عالية بسعر في المتناول",
        body="أهلًا بالضيوف في أي وقت.",
        cta="تسوّق الآن",
        offer_line="499 ر.س",
        legal_line="إعلان · SmartChef",
    ),
}


def a_scene(width: int, height: int, *, light: bool = True) -> Image.Image:
    """A wall that fades from one side to the other, over a table."""
    x = np.linspace(0, 1, width)[None, :, None]
    ends = ((236, 225, 205), (205, 190, 165)) if light else ((30, 46, 58), (20, 30, 38))
    wall = np.array(ends[0]) * (1 - x) + np.array(ends[1]) * x
    picture = np.repeat(wall, height, axis=0)
    picture[round(height * 0.66) :] = (150, 104, 70) if light else (52, 40, 34)
    return Image.fromarray(picture.astype(np.uint8))


def a_request(locale: str = "en-US", **changes: Any) -> TypesetRequest:
    placement = changes.get("placement", SQUARE)
    palette = changes.get("palette", SAND)
    values: dict[str, Any] = {
        "image": a_scene(placement.width_px, placement.height_px, light=palette is SAND),
        "product_box": PRODUCT,
        "copy": COPIES.get(locale, COPIES["en-US"]),
        "placement": placement,
        "market": a_market(locale),
        "typefaces": typefaces_of(locale),
        "palette": palette,
        "brand_name": "SmartChef",
        "seed": 1,
    }
    return TypesetRequest(**{**values, **changes})


def typeset(locale: str = "en-US", **changes: Any) -> Typeset:
    return Typesetter().typeset(a_request(locale, **changes))


def shown(ad: Typeset) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(ad.data)).convert("RGB")).astype(int)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("placement", [SQUARE, PORTRAIT, STORY], ids=["1x1", "4x5", "9x16"])
def test_text_is_readable_in_the_safe_zone_and_clear_of_the_product(
    locale: str, placement: Any
) -> None:
    for layout in suitable(locale, placement):
        ad = typeset(locale, placement=placement, layout=layout)
        assert ad.least_contrast >= 4.5
        assert {"headline", "cta", "offer_line"} <= set(ad.boxes)
        zone = placement.safe_zone
        for box in ad.boxes.values():
            assert box.left >= zone.left - 1e-6
            assert box.top >= zone.top - 1e-6
            assert box.right <= 1 - zone.right + 1e-6
            assert box.bottom <= 1 - zone.bottom + 1e-6
            assert apart(box, ad.product_box)


def apart(box: Box, product: Box | None) -> bool:
    assert product is not None
    return (
        box.bottom <= product.top
        or box.top >= product.bottom
        or box.right <= product.left
        or box.left >= product.right
    )


WORDS = {
    "en-GB": ("Proper rice, every time", "£99.99 · RRP £129.99", "Offer ends 24 December."),
    "es-ES": ("El arroz, en su punto", "129,99 € · precio más bajo de 30 días: 149,99 €", ""),
    "es-MX": ("Arroz listo, familia feliz", "$2,499 · 12 meses sin intereses de $208.25", ""),
    "it-IT": ("Il riso si cuoce da sé", "129,99 € IVA inclusa · prima 159,99 €", ""),
    "fr-FR": (
        "Et si le riz se faisait tout seul ?",
        "129,99 € au lieu de 159,99 € · prix le plus bas des 30 derniers jours : 139,99 €",
        "",
    ),
    "pl-PL": (
        "Ryż gotowy, a Ty w domu z rodziną",
        "299 zł. Najniższa cena z 30 dni przed obniżką: 319 zł",
        "",
    ),
    "tr-TR": (
        "Tane tane pilav, ışıl ışıl sofra",
        "4.999 TL · 9 taksit × 555,44 TL",
        "Stoklarla sınırlıdır. Kampanya 5 Aralık 2026 tarihine kadar geçerlidir.",
    ),
    "pt-BR": (
        "Arroz soltinho, família reunida",
        "12x de R$ 108,25 sem juros ou R$ 1.299 à vista",
        "Oferta válida até 5 de dezembro ou enquanto durarem os estoques. Imagens meramente "
        "ilustrativas, sem acessórios.",
    ),
    "ar-AE": ("سفرة عامرة بلا انتظار", "499 د.إ. شاملة الضريبة", "إعلان · SmartChef"),
    "ko-KR": (
        "갓 지은 밥맛, 매일 그대로",
        "329,000원 · 12개월 무이자 월 27,417원",
        "※ 연출된 이미지입니다.",
    ),
    "zh-CN": ("一碗好饭，暖一家人的胃", "到手价¥1,299，近7日最低成交价¥1,349", "广告"),
    "zh-TW": ("一碗好飯，暖了全家人的心", "NT$4,990（含稅），原售價NT$5,988", ""),
    "hi-IN": (
        "हर दाना खिला-खिला, हर शाम साथ",
        "₹12,999 (सभी करों सहित) · MRP ₹15,999",
        "*शर्तें लागू।",
    ),
    "id-ID": ("Nasi pulen, siap saat berbuka", "Rp1.299.000 · Cicilan 12 × Rp108.250", ""),
    "th-TH": ("ข้าวสวยร้อนๆ พร้อมเสิร์ฟทุกมื้อ", "4,990 บาท (รวม VAT) · ผ่อน 0% 10 เดือน", ""),
    "vi-VN": ("Cơm dẻo thơm, ấm bữa sum vầy", "3.290.000 ₫ · trả góp 0%", "Ảnh minh họa."),
}


def a_copy_of(locale: str) -> Copy:
    headline, offer, legal = WORDS[locale]
    return a_copy(
        headline=headline, body="", cta="SmartChef", offer_line=offer, legal_line=legal
    )


@pytest.mark.parametrize("locale", WORDS)
@pytest.mark.parametrize("placement", [SQUARE, PORTRAIT, STORY], ids=["1x1", "4x5", "9x16"])
def test_every_market_reads_well_with_long_prices(locale: str, placement: Any) -> None:
    """Sizes are those of a picture of 1080 px, this one has half of it."""
    ad = typeset(locale, copy=a_copy_of(locale), placement=placement)
    assert ad.least_contrast >= 4.5
    assert ad.smallest_px >= type_scale(540, 540).legal.smallest
    assert 0 < ad.note_px < ad.font_sizes_px["headline"] or locale == "ar-AE"
    zone = placement.safe_zone
    for box in ad.boxes.values():
        assert box.left >= zone.left - 1e-6
        assert box.right <= 1 - zone.right + 1e-6
        assert apart(box, ad.product_box)


@pytest.mark.parametrize("locale", ["pl-PL", "pt-BR", "fr-FR", "tr-TR"])
@pytest.mark.parametrize("width", [200, 300, 480])
def test_a_long_price_wraps_into_two_lines_at_most_and_stays_legible(
    locale: str, width: float
) -> None:
    engine = TextEngine(load_faces(typefaces_of(locale)), a_market(locale))
    shop = Workshop(engine, a_copy_of(locale), sizes=type_scale(540, 540))
    offer = shop.offer(width, scale=1.0)
    if offer is None:
        assert width < 300
        return
    assert offer.width_px <= width + 1e-6
    for block, _ in offer.parts:
        assert len(block.lines) <= 2
        assert block.smallest_px >= shop.sizes.note.smallest - 1e-6


def test_two_sentences_of_small_print_take_two_lines() -> None:
    engine = TextEngine(load_faces(typefaces_of("pt-BR")), a_market("pt-BR"))
    shop = Workshop(engine, a_copy_of("pt-BR"), sizes=type_scale(1080, 1080))
    legal = shop.legal(960, scale=1.0)
    assert legal is not None
    assert legal.block is not None
    assert len(legal.block.lines) <= 2
    assert legal.block.size_px >= shop.sizes.legal.smallest


def test_notes_are_as_large_as_the_body_where_the_law_says_so() -> None:
    copy = replace(a_copy_of("vi-VN"), body="Hẹn giờ từ sáng, tối về đã có cơm nóng.")
    for placement in (SQUARE, PORTRAIT, STORY):
        usual = typeset("vi-VN", copy=copy, placement=placement)
        equal = typeset("vi-VN", copy=copy, placement=placement, note_ratio=1.0)
        assert usual.note_px < 15
        assert equal.note_px >= max(equal.body_px, 15)


def test_the_body_stays_out_where_notes_of_its_size_leave_no_room() -> None:
    crowded = replace(
        a_copy_of("vi-VN"),
        body="Hẹn giờ từ sáng, tối về đã có cơm nóng.",
        offer_line="3.290.000đ (đã gồm VAT) · Trả góp 12 tháng, mỗi tháng 274.167đ, tổng "
        "3.290.000đ · đến hết 5 tháng 12",
        legal_line="Quảng cáo của SmartChef. Ảnh minh họa, màu sắc có thể khác đôi chút.",
    )
    tight = Box(left=0.27, top=0.40, right=0.73, bottom=0.90)
    ad = typeset("vi-VN", copy=crowded, product_box=tight, note_ratio=1.0)
    assert ad.body_px == 0
    assert ad.note_px >= type_scale(540, 540).legal.smallest


def test_what_was_measured_is_told() -> None:
    """Notes are the lines around the price and the small print; no body, no size of it."""
    ad = typeset("ja-JP", placement=PORTRAIT, layout="centred")
    sizes = ad.font_sizes_px
    assert ad.body_px == sizes["body"]
    assert ad.note_px == sizes["legal_line"] == ad.smallest_px
    assert ad.least_contrast == min(
        value for field, value in ad.contrasts.items() if field != "logo"
    )
    bare = typeset(copy=a_copy(body="", offer_line="", legal_line=""), layout="centred")
    assert (bare.body_px, bare.note_px) == (0.0, 0.0)
    assert bare.smallest_px == min(bare.font_sizes_px["headline"], bare.font_sizes_px["cta"])


def suitable(locale: str, placement: Any) -> list[str]:
    """Layouts that take this market's words; at least four of five suit a 4:5 picture."""
    names = []
    for layout in LAYOUTS:
        try:
            typeset(locale, placement=placement, layout=layout)
        except InputError:
            continue
        names.append(layout)
    assert len(names) >= (4 if placement is PORTRAIT else 3)
    return names


def test_the_product_is_left_as_it_is() -> None:
    request = a_request(palette=NIGHT, placement=PORTRAIT)
    before = np.asarray(request.image).astype(int)
    png = a_placement(540, 675, formats=("png",))
    for layout in ("centred", "band", "card"):
        ad = typeset(palette=NIGHT, placement=png, image=request.image, layout=layout)
        after = shown(ad)
        rows, columns = slice(275, 515), slice(150, 390)
        assert np.array_equal(before[rows, columns], after[rows, columns])


def test_equal_requests_give_equal_bytes_and_seeds_vary_the_layout() -> None:
    assert typeset(seed=4).data == typeset(seed=4).data
    assert len({typeset(seed=seed, placement=PORTRAIT).layout for seed in range(8)}) >= 2


def test_threads_may_share_a_typesetter() -> None:
    typesetter = Typesetter()
    work = [a_request(locale, seed=seed) for locale in ("ja-JP", "ar-SA") for seed in (1, 2)]
    alone = [typesetter.typeset(request).data for request in work]
    with ThreadPoolExecutor(4) as threads:
        together = [made.data for made in threads.map(typesetter.typeset, work)]
    assert together == alone


def test_the_headline_is_the_largest_and_the_legal_line_the_smallest_text() -> None:
    sizes = typeset("ja-JP", placement=PORTRAIT, layout="centred").font_sizes_px
    assert sizes["headline"] > sizes["body"] > sizes["legal_line"]
    assert sizes["headline"] == max(sizes.values())


def test_a_longer_headline_is_set_smaller() -> None:
    short, long = (
        typeset(copy=a_copy(headline=words), layout="aligned").font_sizes_px["headline"]
        for words in (
            "Rice, done",
            "Perfect rice every night without any guessing at the stove",
        )
    )
    assert short > long * 1.2


def test_arabic_runs_from_the_right() -> None:
    """A start-aligned headline ends at the right margin; Latin begins at the left."""
    arabic = typeset("ar-SA", layout="aligned", placement=PORTRAIT).boxes
    latin = typeset("en-US", layout="aligned", placement=PORTRAIT).boxes
    assert arabic["headline"].right == pytest.approx(1 - latin["headline"].left)
    assert arabic["logo"].right == pytest.approx(1 - latin["logo"].left)
    assert arabic["cta"].right < arabic["offer_line"].left
    assert latin["cta"].left > latin["offer_line"].right


@pytest.mark.parametrize("locale", ["en-US", "ar-SA"])
def test_the_arrow_points_in_reading_direction(locale: str) -> None:
    """An arrow is tallest just behind its point."""
    points_right = locale == "en-US"
    ad = typeset(locale, layout="aligned", placement=PORTRAIT)
    box, size = ad.boxes["cta"], ad.font_sizes_px["cta"]
    edge = box.right * 540 - 0.98 * size if points_right else box.left * 540 + 0.98 * size
    first = round(edge - 0.9 * size if points_right else edge) - 1
    columns = slice(first, first + round(0.9 * size) + 2)
    rows = slice(round(box.top * 675) + 4, round(box.bottom * 675) - 4)
    arrow = shown(ad)[rows, columns].sum(axis=2)
    heights = (np.abs(arrow - np.median(arrow)) > 120).sum(axis=0)
    inked = np.nonzero(heights)[0]
    assert len(inked) > 0.6 * size
    tallest = float(np.mean(np.nonzero(heights >= heights.max() - 1)[0]))
    assert bool(tallest > inked.mean()) is points_right


def test_contrast_is_that_of_the_worst_pixels() -> None:
    """White ink on a ground of which a tenth is light grey: the grey counts."""
    behind = np.zeros((100, 3), np.uint8)
    behind[:10] = 188
    grey = contrast(1.0, luminance((188 / 255,) * 3))
    assert reached((1, 1, 1), behind) == pytest.approx(grey, rel=0.01)
    assert reached((0, 0, 0), behind) == pytest.approx(1.0)
    assert reached((1, 1, 1), behind[10:]) == pytest.approx(21.0)


def test_shaping_joins_arabic_letters() -> None:
    """Joined, a word is clearly narrower than its letters one by one."""
    faces = load_faces(typefaces_of("ar-SA"))
    engine = TextEngine(faces, a_market("ar-SA"))
    word = "الضيوف"
    apart = sum(engine.width(letter, faces.heading) for letter in word)
    assert engine.width(word, faces.heading) < apart * 0.85


def test_a_line_that_begins_with_a_latin_name_still_starts_at_the_right() -> None:
    """Drawn alone, the name's ink is that of the line's right end, not of its left."""
    faces = load_faces(typefaces_of("ar-SA"))
    engine = TextEngine(faces, a_market("ar-SA"))

    def drawn(text: str) -> np.ndarray:
        block = engine.block([[Run(text, faces.text)]], size_px=40, leading=1.0)
        layer = np.zeros((80, int(block.width_px) + 1, 4), np.uint8)
        surface = skia.Surface(layer)
        engine.draw(
            surface.getCanvas(), block, left_px=0, top_px=20, align=0.0, colour=(1, 1, 1)
        )
        surface.flushAndSubmit()
        return layer[:, :, 3].astype(int).sum(axis=0)

    line, name = drawn("SmartChef يحفظ دفء الأرز"), drawn("SmartChef")
    width = len(name) - 3
    at_right = np.abs(line[-width:] - name[-width:]).mean()
    at_left = np.abs(line[:width] - name[:width]).mean()
    assert at_right < at_left / 3


def test_words_on_a_hard_background_get_a_scrim() -> None:
    stripes = np.zeros((540, 540, 3), np.uint8)
    stripes[:, ::2] = 255
    stripes = np.repeat(stripes[:, ::30], 30, axis=1)[:, :540]
    ad = typeset(image=Image.fromarray(stripes), layout="centred")
    assert ad.least_contrast >= 4.5


def test_each_field_that_cannot_fit_is_named() -> None:
    novel = "An endless headline that never comes to its point " * 6
    with pytest.raises(InputError, match="^headline: the text doesn't fit"):
        typeset(copy=a_copy(headline=novel))
    with pytest.raises(InputError, match="^cta: the text doesn't fit"):
        typeset(copy=a_copy(cta="Click here right now to learn everything about this" * 2))
    with pytest.raises(InputError, match="^headline: is empty"):
        typeset(copy=a_copy(headline="  "))


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(
        InputError, match="picture: it has 300 × 300 px, but test_540x540 needs"
    ):
        typeset(image=Image.new("RGB", (300, 300)))


def test_an_unknown_layout_is_named() -> None:
    with pytest.raises(InputError, match="there is no layout 'spiral'; choose one of centred"):
        typeset(layout="spiral")


def test_a_layout_without_room_says_so() -> None:
    with pytest.raises(InputError, match="layout: shelf has no room"):
        typeset(placement=STORY, layout="shelf")


def test_a_jpeg_carries_full_colour_and_the_srgb_profile() -> None:
    ad = typeset()
    assert ad.media_type == "image/jpeg"
    with Image.open(io.BytesIO(ad.data)) as image:
        assert image.size == (540, 540)
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileDescription(profile)
        assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3


def test_quality_falls_until_the_file_is_light_enough() -> None:
    full = len(typeset().data)
    noise = np.random.default_rng(2).normal(0, 18, (540, 540, 3))
    grainy = Image.fromarray(
        (np.asarray(a_scene(540, 540)) + noise).clip(0, 255).astype(np.uint8)
    )
    heavy = len(typeset(image=grainy).data)
    assert heavy > full
    limit = round(heavy * 0.6)
    light = a_placement(540, 540, max_file_bytes=limit)
    assert len(typeset(image=grainy, placement=light).data) <= limit
    with pytest.raises(InputError, match="max_file_bytes 900 is too small"):
        typeset(placement=a_placement(540, 540, max_file_bytes=900))


def test_a_placement_without_jpeg_gets_png() -> None:
    ad = typeset(placement=a_placement(540, 540, formats=("png",)))
    assert ad.media_type == "image/png"
    assert ad.data.startswith(b"\x89PNG")


def test_the_logo_file_is_shown_and_its_light_version_on_dark(tmp_path: Any) -> None:
    for name, colour in (("logo.png", (200, 30, 30)), ("logo-light.png", (90, 255, 90))):
        Image.new("RGBA", (300, 60), (*colour, 255)).save(tmp_path / name)
    for palette, red in ((SAND, True), (NIGHT, False)):
        ad = typeset(
            palette=palette,
            logo=tmp_path / "logo.png",
            layout="aligned",
            placement=a_placement(540, 675, formats=("png",)),
        )
        box = ad.boxes["logo"]
        pixel = shown(ad)[
            round((box.top + box.bottom) / 2 * 675), round((box.left + box.right) / 2 * 540)
        ]
        assert bool(pixel[0] > pixel[1]) is red


def test_a_missing_and_a_broken_logo_are_named(tmp_path: Any) -> None:
    with pytest.raises(NotFound, match=r"brand\.logo: there is no file"):
        typeset(logo=tmp_path / "none.png")
    (tmp_path / "bad.png").write_text("logo")
    with pytest.raises(InputError, match=r"brand\.logo: bad\.png is no readable PNG"):
        typeset(logo=tmp_path / "bad.png")

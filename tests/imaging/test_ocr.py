"""Words are read where Tesseract is, found again at their place, and never made up."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from studio.imaging import ocr
from studio.imaging.fidelity import Label, fidelity_of
from studio.imaging.ocr import Word, agreement, reader, words_in

needs_tesseract = pytest.mark.skipif(reader() is None, reason="Tesseract is not installed")


def a_label(text: str, *, colour: str = "#202020") -> np.ndarray:
    """An opaque light product of 420 × 240 px with one word on it, RGBA."""
    image = Image.new("RGBA", (420, 240), "#DDDAD4")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((40, 150, 380, 215), 12, fill="#303236")
    draw.text((90, 50), text, font=ImageFont.load_default(44), fill=colour)
    return np.asarray(image)


def word(text: str, left: int = 0, top: int = 0) -> Word:
    return Word(text=text, left=left, top=top, width=100, height=20)


def test_agreement_worked_by_hand() -> None:
    """4 of 10 letters right, and SmartChef against SmrtChef: 1 - 1/17 of nine letters."""
    assert agreement((word("Rice"), word("Cooker")), (word("Rice"),)) == pytest.approx(
        (4 * 1 + 6 * 0.2) / 10
    )
    assert agreement((word("SmartChef"),), (word("SmrtChef"),)) == pytest.approx(16 / 17)


def test_a_word_elsewhere_is_not_the_same_word() -> None:
    assert agreement((word("SmartChef"),), (word("SmartChef", left=9, top=8),)) == 1.0
    assert agreement((word("SmartChef"),), (word("SmartChef", top=200),)) == 0.0
    assert agreement((word("SmartChef"),), (word("SmartChef", left=300),)) == 0.0


def test_without_words_there_is_nothing_to_lose() -> None:
    assert agreement((), (word("SmartChef"),)) == 1.0


def test_the_table_is_read_by_confidence_and_length() -> None:
    head = "level\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        '5\t1\t2\t3\t4\t91.5\tSmart"Chef',
        "5\t1\t2\t3\t4\t59\tFaint",
        "5\t1\t2\t3\t4\t95\t—=a",
    ]
    (found,) = ocr._parsed("\n".join([head, *rows, "4\t0\t0\t9\t9\t-1\t"]))
    assert found == Word(text='Smart"Chef', left=1, top=2, width=3, height=4)


@needs_tesseract
def test_the_word_on_a_product_is_read() -> None:
    (found,) = words_in(a_label("SmartChef")[:, :, :3]) or ()
    assert found.text == "SmartChef"
    assert 80 <= found.left <= 100


@needs_tesseract
def test_a_garbled_label_is_caught_though_colour_holds() -> None:
    source, shown = a_label("SmartChef"), a_label("SrnetCbal")[:, :, :3]
    fidelity = fidelity_of(shown, source)
    assert fidelity.delta_e_p95 <= 2.0
    assert fidelity.label.basis == "read"
    assert fidelity.label.words == ("SmartChef",)
    assert not fidelity.label.holds
    assert any("of the label “SmartChef”" in fault for fault in fidelity.faults)


@needs_tesseract
def test_a_little_noise_keeps_the_label() -> None:
    source = a_label("SmartChef")
    noise = np.random.default_rng(3).integers(-1, 2, source[:, :, :3].shape)
    shown = np.clip(source[:, :, :3].astype(int) + noise, 0, 255).astype(np.uint8)
    fidelity = fidelity_of(shown, source)
    assert fidelity.label == Label(words=("SmartChef",), agreement=1.0, basis="read")
    assert fidelity.holds


def test_equal_pixels_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.subprocess, "run", lambda *_, **__: pytest.fail("was read"))
    source = a_label("SmartChef")
    assert fidelity_of(source[:, :, :3], source).label == Label(basis="same pixels")


def test_without_tesseract_a_changed_label_is_not_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ocr.shutil, "which", lambda _: None)
    source = a_label("SmartChef")
    shown = a_label("SmartChef", colour="#232323")[:, :, :3]
    assert fidelity_of(shown, source).label.basis == "not measured"


def test_a_broken_tesseract_is_not_measured_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.shutil, "which", lambda _: "/bin/false")
    assert words_in(a_label("SmartChef")[:, :, :3]) is None

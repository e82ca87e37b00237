"""Films are as long as their words take to read, within 6 and 15 seconds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InputError
from studio.imaging.parallax import MOVES
from studio.imaging.storyboard import (
    FIRST_S,
    GLANCE_S,
    LEAST_S,
    LINE_S,
    MOST_S,
    PACE,
    SUPPORT,
    TURN_S,
    Setting,
    Storyboard,
    reading_s,
    storyboard,
)
from tests.imaging.examples import a_copy, a_market

WHOLE = Setting(
    scene={"logo": 1, "headline": 2, "body": 1, "offer_line": 1, "cta": 1, "legal_line": 1},
    card={"logo": 1, "headline": 1, "offer_line": 1, "cta": 1, "legal_line": 1},
)
COPY = a_copy(legal_line="Ad · terms at example.com")


def a_board(locale: str = "en-US", seed: int = 1, **words: str) -> Storyboard:
    return storyboard(
        replace(COPY, **words), WHOLE, market=a_market(locale), seed=seed  # type: ignore[arg-type]
    )  # fmt: skip


def test_reading_times_worked_by_hand() -> None:
    assert reading_s("x" * 191, "Latn") == pytest.approx(GLANCE_S + 10)
    assert reading_s("あ" * 77, "Jpan") == pytest.approx(GLANCE_S + 10)
    assert reading_s("  ", "Latn") == 0
    # Thai vowels and tone marks over a letter are read with it.
    assert reading_s("ที่", "Thai") == reading_s("ท", "Thai")


@given(
    lengths=st.lists(st.integers(1, 160), min_size=4, max_size=4),
    locale=st.sampled_from(["en-US", "ar-SA", "ja-JP", "th-TH", "zh-CN"]),
    seed=st.integers(0, 2**63 - 1),
)
def test_a_film_is_never_too_short_nor_too_long(
    lengths: list[int], locale: str, seed: int
) -> None:
    fields = ("headline", "body", "offer_line", "cta")
    words = {field: "字" * length for field, length in zip(fields, lengths, strict=True)}
    board = a_board(locale, seed, **words)
    assert LEAST_S <= board.seconds <= MOST_S
    assert board.seconds * board.fps == pytest.approx(board.frames)
    assert all(0 <= each.start_s <= board.card_s for each in board.scene)
    assert all(board.card_s < each.start_s < board.seconds for each in board.card)


@given(length=st.integers(1, 400))
def test_small_print_can_be_read_or_the_film_is_refused(length: int) -> None:
    text = "x" * length
    if reading_s(text, "Latn") > MOST_S - TURN_S:
        with pytest.raises(InputError, match="legal_line"):
            a_board(legal_line=text)
        return
    board = a_board(legal_line=text)
    start = next(each.start_s for each in board.scene if each.field == "legal_line")
    read = board.card_s - start + board.seconds - board.card_s - TURN_S
    assert read >= reading_s(text, "Latn") - 1 / board.fps


def test_lines_enter_one_after_the_other_and_then_what_supports_them() -> None:
    board = a_board()
    starts = {(each.field, each.line): each.start_s for each in board.scene}
    stretch = starts["headline", 0] / FIRST_S
    assert starts["logo", 0] == 0
    assert starts["headline", 1] - starts["headline", 0] == pytest.approx(LINE_S * stretch)
    read = PACE * reading_s(COPY.headline, "Latn") * stretch
    assert starts["body", 0] - starts["headline", 1] == pytest.approx(read)
    order = [starts[field, 0] for field in SUPPORT]
    assert order == sorted(order)


@given(length=st.integers(1, 90))
def test_every_text_stands_until_it_has_been_read(length: int) -> None:
    board = a_board(body="x" * length)
    for field in ("headline", "body", "offer_line"):
        text = "x" * length if field == "body" else getattr(COPY, field)
        start = min(each.start_s for each in board.scene if each.field == field)
        assert board.card_s - start >= reading_s(text, "Latn") - 1 / board.fps


def test_a_headline_that_is_ready_is_there_from_the_first_frame() -> None:
    ready = replace(WHOLE, ready=True)
    board = storyboard(COPY, ready, market=a_market(), seed=1)
    assert {each.start_s for each in board.scene if each.field == "headline"} == {0.0}


def test_right_to_left_markets_are_mirrored() -> None:
    assert a_board("ar-SA").mirrored
    assert not a_board("ja-JP").mirrored


def test_seeds_choose_among_all_moves() -> None:
    assert {a_board(seed=seed).move for seed in range(40)} == set(MOVES)


def test_words_that_are_not_set_take_no_time() -> None:
    bare = Setting(scene={"headline": 1, "cta": 1}, card={"headline": 1, "cta": 1})
    long = replace(COPY, body="x" * 150, offer_line="x" * 80)
    short = replace(COPY, body="", offer_line="")
    boards = [storyboard(each, bare, market=a_market(), seed=1) for each in (long, short)]
    assert boards[0] == boards[1]
    assert boards[0].start_of("body") is None

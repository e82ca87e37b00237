"""Money adds up to the last cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.money import Money
from studio.errors import InputError


def test_amounts_scale_by_the_currency_s_own_decimals() -> None:
    assert Money.of("129.99", "EUR").amount_minor == 12_999
    assert Money.of(19_800, "JPY").amount_minor == 19_800
    assert Money.of("1.234", "KWD").amount_minor == 1_234


def test_more_decimals_than_the_currency_has_are_refused() -> None:
    with pytest.raises(InputError, match="more decimals"):
        Money.of("19.5", "JPY")


def test_leftover_cents_go_to_the_largest_fractions() -> None:
    """100 cents over 0.5, 0.125, 0.375: exact 50, 12.5, 37.5; one cent is left over."""
    parts = Money.of(1, "EUR").split((0.5, 0.126, 0.374))
    assert [part.amount_minor for part in parts] == [50, 13, 37]


@given(st.integers(0, 10**12), st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(any))
def test_a_split_conserves_money_and_gives_no_part_below_zero(
    amount: int, shares: list[float]
) -> None:
    parts = Money(currency="USD", amount_minor=amount).split(tuple(shares))
    assert sum(part.amount_minor for part in parts) == amount
    assert min(part.amount_minor for part in parts) >= 0


def test_rounding_is_half_to_even() -> None:
    assert Money.of("0.05", "EUR").times(Decimal("0.5")).amount_minor == 2
    assert Money.of("0.07", "EUR").times(Decimal("0.5")).amount_minor == 4


def test_currencies_do_not_mix() -> None:
    with pytest.raises(InputError, match="Can't mix"):
        Money.of(1, "EUR") + Money.of(1, "USD")


@pytest.mark.parametrize("code", ["eur", "EURO", "E1R", "ÉUR"])
def test_what_is_no_currency_code_is_refused(code: str) -> None:
    with pytest.raises(InputError, match="no currency code"):
        Money(currency=code, amount_minor=1)

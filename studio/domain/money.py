"""Money in integer minor units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from studio.errors import InputError

MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Decimal places of currencies that don't have two (ISO 4217)."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Money:
    """An amount of one currency."""

    currency: str
    """ISO 4217 code, such as `SAR`."""
    amount_minor: int
    """In the currency's smallest unit: cents, halalas, yen."""

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise InputError(f"{self.currency!r} is no currency code; write one like EUR.")

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """Money from a decimal amount in major units: `Money.of("129.99", "EUR")`."""
        if not Decimal(amount).is_finite():
            raise InputError(f"{amount!s} is no amount of money.")
        scaled = Decimal(amount).scaleb(MINOR_DIGITS.get(currency, 2))
        if scaled != scaled.to_integral_value():
            raise InputError(f"{amount} {currency} has more decimals than the currency.")
        return cls(currency=currency, amount_minor=int(scaled))

    @property
    def amount(self) -> Decimal:
        """In major units: euros, riyals, yen."""
        return Decimal(self.amount_minor).scaleb(-MINOR_DIGITS.get(self.currency, 2))

    def __add__(self, other: Money) -> Money:
        return self._with(self.amount_minor + self._same(other).amount_minor)

    def __sub__(self, other: Money) -> Money:
        return self._with(self.amount_minor - self._same(other).amount_minor)

    def times(self, factor: Decimal | int) -> Money:
        """Scaled and rounded half to even to the minor unit."""
        scaled = (self.amount_minor * Decimal(factor)).quantize(Decimal(1), ROUND_HALF_EVEN)
        return self._with(int(scaled))

    def split(self, shares: tuple[float, ...]) -> tuple[Money, ...]:
        """Divided in proportion to `shares`; the parts add up to the whole.

        Largest-remainder method (Hamilton): leftover units go to the largest fractions.
        """
        whole = sum(shares)
        if not shares or whole <= 0 or min(shares) < 0:
            raise InputError("Shares must be at least 0 and not all be 0.")
        exact = [self.amount_minor * share / whole for share in shares]
        floors = [int(part) for part in exact]
        leftover = self.amount_minor - sum(floors)
        by_fraction = sorted(range(len(shares)), key=lambda i: floors[i] - exact[i])
        for index in by_fraction[:leftover]:
            floors[index] += 1
        return tuple(self._with(part) for part in floors)

    def _with(self, amount_minor: int) -> Money:
        return Money(currency=self.currency, amount_minor=amount_minor)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InputError(f"Can't mix {self.currency} with {other.currency}.")
        return other

    def __str__(self) -> str:
        digits = MINOR_DIGITS.get(self.currency, 2)
        return f"{self.amount:.{digits}f} {self.currency}"

"""Tokens carry a decision unchanged, and nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.api.tokens import Tokens
from studio.domain.brief import Slug
from studio.domain.delivery import AdId, Cell
from studio.domain.event import Decision
from studio.domain.market import Locale
from studio.errors import InputError

OLD, NEW, OTHER = "o" * 40, "n" * 40, "x" * 40
DECISION = Decision(
    id="0" * 28, campaign=Slug("rice"), ad_id=AdId("own-rice.v1"),
    cell=Cell(market=Locale("de-DE"), placement="feed"), propensity=0.1 + 0.2,
    snapshot="ab" * 8, at_ms=1_795_348_800_123,
)  # fmt: skip


@given(st.floats(0, 1), st.text(max_size=60).filter(str.isprintable), st.integers(0, 2**45))
def test_a_token_brings_the_decision_back(propensity: float, ad: str, at_ms: int) -> None:
    decision = replace(DECISION, propensity=propensity, ad_id=AdId(ad), at_ms=at_ms)
    assert Tokens([NEW]).decision(Tokens([NEW]).of(decision)) == decision


def test_any_changed_letter_is_refused() -> None:
    tokens = Tokens([NEW])
    good = tokens.of(DECISION)
    assert good.isascii()
    content = len(good.rpartition(".")[0])
    for index in (*range(0, content, 7), content, content + 1, content + 20):
        changed = good[:index] + ("A" if good[index] != "A" else "B") + good[index + 1 :]
        with pytest.raises(InputError, match=r"token: .*send it as /v1/decide gave it"):
            tokens.decision(changed)


@pytest.mark.parametrize("token", ["", ".", "a.b", "é.ü", "." * 5000])
def test_nonsense_is_refused(token: str) -> None:
    with pytest.raises(InputError, match="token"):
        Tokens([NEW]).decision(token)


def test_a_key_verifies_until_it_is_taken_away() -> None:
    """o signed; o and n verify; n alone doesn't; somebody else's never."""
    old = Tokens([OLD]).of(DECISION)
    both = Tokens([OLD, NEW])
    assert both.decision(old) == DECISION
    assert Tokens([NEW]).decision(both.of(DECISION)) == DECISION
    for stranger in (Tokens([NEW]), Tokens([OTHER])):
        with pytest.raises(InputError):
            stranger.decision(old)


def test_site_keys_open_their_campaign_alone() -> None:
    both = Tokens([OLD, NEW])
    key = both.site_key("rice")
    assert len(key) == 32
    assert key == Tokens([NEW]).site_key("rice")
    assert both.opens("rice", key)
    assert both.opens("rice", Tokens([OLD]).site_key("rice"))
    assert not both.opens("tea", key)
    assert not both.opens("rice", "")
    assert not both.opens("rice", "é" * 32)
    assert not both.opens("rice", Tokens([OTHER]).site_key("rice"))


def test_a_visitors_name_lasts_a_day() -> None:
    tokens, noon = Tokens([NEW]), 1_795_348_800_000
    name = tokens.visitor("10.0.0.1", "Firefox", at_ms=noon)
    assert name == tokens.visitor("10.0.0.1", "Firefox", at_ms=noon + 3_600_000)
    others = {
        tokens.visitor("10.0.0.2", "Firefox", at_ms=noon),
        tokens.visitor("10.0.0.1", "Chrome", at_ms=noon),
        tokens.visitor("10.0.0.1", "Firefox", at_ms=noon + 86_400_000),
        Tokens([OTHER]).visitor("10.0.0.1", "Firefox", at_ms=noon),
        name,
    }
    assert len(others) == 5


@pytest.mark.parametrize("keys", [[], ["short"], [NEW, "short"]])
def test_weak_keys_are_refused(keys: list[str]) -> None:
    with pytest.raises(InputError, match="STUDIO_DECISION_KEYS"):
        Tokens(keys)

"""The rules at the gate, without a server."""

from __future__ import annotations

import pytest

from studio.api.guard import FailureLimit, is_loopback, require_loopback
from studio.errors import InputError


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_this_machine_may_go_without_sign_in(host: str) -> None:
    require_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "studio.example", ""])  # noqa: S104
def test_other_addresses_may_not(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(InputError, match="bind to 127.0.0.1"):
        require_loopback(host)


def test_failures_are_forgotten_one_by_one_after_the_window() -> None:
    now = [100.0]
    limit = FailureLimit(most=2, window_s=60.0, clock=lambda: now[0])
    key = ("mara", "10.0.0.1")
    limit.failed(key)
    now[0] = 130.0
    limit.failed(key)
    assert limit.wait_s(key) == 30.0
    now[0] = 160.0
    assert limit.wait_s(key) == 0.0
    limit.failed(key)
    assert limit.wait_s(key) == 30.0


def test_a_limit_is_kept_per_name_and_address() -> None:
    limit = FailureLimit(most=1, clock=lambda: 0.0)
    limit.failed(("mara", "10.0.0.1"))
    assert limit.wait_s(("mara", "10.0.0.1")) > 0
    assert limit.wait_s(("mara", "10.0.0.2")) == 0
    assert limit.wait_s(("rene", "10.0.0.1")) == 0


def test_success_wipes_the_slate() -> None:
    limit = FailureLimit(most=1, clock=lambda: 0.0)
    limit.failed(("mara", "a"))
    limit.succeeded(("mara", "a"))
    assert limit.wait_s(("mara", "a")) == 0

"""People's browsers pass; programs, the hasty and the many are recognised."""

from __future__ import annotations

import pytest

from studio.api.visitors import Patience, Rate, is_program, network
from studio.domain.event import EventKind, EventStatus

PEOPLE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/22B83 [FBAN/FBIOS;FBAV/488.0.0.0;FBDV/iPhone14,5]",
    "Mozilla/5.0 (Linux; arm_64; Android 13) AppleWebKit/537.36 Chrome/124.0 "
    "YandexSearchBrowser/24.5 Mobile Safari/537.36",
)
PROGRAMS = (
    "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
    "+http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "curl/8.5.0",
    "python-requests/2.32.3",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "HeadlessChrome/129.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 (compatible; AhrefsBot/7.0)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
    "+https://openai.com/gptbot)",
    "Go-http-client/2.0",
)


@pytest.mark.parametrize("agent", PEOPLE)
def test_peoples_browsers_pass(agent: str) -> None:
    assert not is_program({}, agent)


@pytest.mark.parametrize("agent", PROGRAMS)
def test_programs_are_recognised(agent: str) -> None:
    assert is_program({}, agent)


@pytest.mark.parametrize(
    "headers",
    [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}],
)
def test_fetching_ahead_is_no_visit(headers: dict[str, str]) -> None:
    assert is_program(headers, PEOPLE[0])


@pytest.mark.parametrize(
    ("kind", "age_ms", "status"),
    [
        ("click", -5, "fast"), ("click", 399, "fast"), ("click", 400, "counted"),
        ("click", 86_400_000, "counted"), ("click", 86_400_001, "late"),
        ("impression", 0, "counted"), ("impression", 3_600_000, "counted"),
        ("impression", 3_600_001, "late"),
    ],
)  # fmt: skip
def test_the_time_since_the_decision_tells(kind: str, age_ms: int, status: str) -> None:
    assert Patience().judge(EventKind(kind), age_ms) is EventStatus(status)


def test_a_rate_counts_per_key_and_window() -> None:
    now = [0.0]
    rate = Rate(most=2, window_s=10, clock=lambda: now[0])
    assert [rate.passes("a") for _ in range(3)] == [True, True, False]
    assert rate.passes("b")
    now[0] = 9.9
    assert not rate.passes("a")
    assert rate.wait_s == pytest.approx(0.1)
    now[0] = 10.0
    assert rate.passes("a")


@pytest.mark.parametrize(
    ("address", "whom"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_stands_for_a_household(address: str, whom: str) -> None:
    assert network(address) == whom

"""Calls of the decision server: what they answer, refuse, count and survive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from studio.api.decide import PIXEL, DecisionServices, create_decision_api
from studio.api.tokens import Tokens
from studio.api.visitors import Rate
from studio.app import Studio
from studio.domain.event import Decision, Event, Receipt
from studio.errors import TransientError
from studio.store.events import EventLog
from studio.workflows.serve import Roster
from tests.api.test_visitors import PEOPLE
from tests.examples import ADMIN
from tests.serving import a_studio

KEYS = ["k" * 40]
DE_FEED = {"market": "de-DE", "placement": "meta_feed_1x1"}
BROWSER = {"User-Agent": PEOPLE[0]}


class Clock:
    """Milliseconds that a test sets."""

    now = 1_796_212_800_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return a_studio(tmp_path)


@pytest.fixture
def log(studio: Studio) -> Iterator[EventLog]:
    log = EventLog(studio.events_file)
    yield log
    log.close()


@pytest.fixture
def services(studio: Studio, log: EventLog, clock: Clock) -> DecisionServices:
    roster = Roster()
    roster.swap(studio.decisions(log).refresh("rice", ADMIN))
    return DecisionServices(
        roster=roster, events=log, tokens=Tokens(KEYS), pictures=studio.blobs, clock_ms=clock
    )


@pytest.fixture
def client(services: DecisionServices) -> Iterator[TestClient]:
    app = create_decision_api(services)
    with TestClient(
        app, base_url="http://ads.example", follow_redirects=False, headers=BROWSER
    ) as client:
        yield client


def ask(client: TestClient, key: str | None = None, **change: object) -> dict[str, object]:
    """The answer of a successful decision."""
    answer = asked(client, key, **change)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def asked(client: TestClient, key: str | None = None, **change: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    headers = {"X-Studio-Key": Tokens(KEYS).site_key("rice") if key is None else key}
    body = {"campaign": "rice", "context": DE_FEED} | change
    return client.post("/v1/decide", json=body, headers=headers)


def counts(log: EventLog) -> dict[tuple[str, str], int]:
    log.flush()
    found: Counter[tuple[str, str]] = Counter()
    for total in log.totals("rice"):
        found[total.kind, total.status] += total.count
    return dict(found)


def test_a_decision_has_all_that_a_site_shows(client: TestClient) -> None:
    answer = ask(client)
    token = answer["token"]
    assert answer["propensity"] == pytest.approx(1 / 3, abs=1e-9)
    assert answer["impression_url"] == f"http://ads.example/v1/impression?t={token}"
    assert answer["click_url"] == f"http://ads.example/v1/click?t={token}"
    creative = answer["creative"]
    assert isinstance(creative, dict)
    assert creative["headline"] == "Rice on time"
    assert creative["landing_url"] == "https://smartchef.example/de-DE"
    assert creative["picture_url"] == "http://ads.example/v1/picture/" + "b" * 64


def test_the_token_says_what_the_answer_says(client: TestClient, clock: Clock) -> None:
    answer = ask(client)
    decision = Tokens(KEYS).decision(str(answer["token"]))
    assert decision.ad_id == answer["ad_id"]
    assert decision.propensity == answer["propensity"]
    assert decision.snapshot == answer["snapshot"]
    assert (decision.at_ms, str(decision.cell)) == (clock.now, "de-DE/meta_feed_1x1")


def test_the_pixel_and_the_redirect_count_once(
    client: TestClient, log: EventLog, clock: Clock
) -> None:
    answer = ask(client)
    pixel = client.get(str(answer["impression_url"]))
    assert (pixel.status_code, pixel.content) == (200, PIXEL)
    assert pixel.headers["content-type"] == "image/gif"
    assert pixel.headers["cache-control"] == "no-store"
    clock.now += 3000
    for _ in range(2):
        click = client.get(str(answer["click_url"]))
        assert click.status_code == 303
        assert click.headers["location"] == "https://smartchef.example/de-DE"
    assert counts(log) == {
        ("decision", "counted"): 1, ("impression", "counted"): 1, ("click", "counted"): 1,
    }  # fmt: skip


def test_the_pixel_is_a_picture() -> None:
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(PIXEL)) as image:
        image.load()
        assert (image.format, image.size) == ("GIF", (1, 1))


def test_scripts_are_told_how_it_was_recorded(client: TestClient, clock: Clock) -> None:
    told = {"token": ask(client)["token"]}
    seen = client.post("/v1/impression", json=told).json()
    assert seen == {"status": "counted", "repeated": False}
    clock.now += 100
    assert client.post("/v1/click", json=told).json()["status"] == "fast"
    assert client.post("/v1/click", json=told).json() == {"status": "fast", "repeated": True}


def test_a_click_without_an_impression_waits(client: TestClient, clock: Clock) -> None:
    told = {"token": ask(client)["token"]}
    clock.now += 3000
    assert client.post("/v1/click", json=told).json()["status"] == "unseen"


def test_programs_are_counted_apart(client: TestClient, log: EventLog, clock: Clock) -> None:
    answer = ask(client)
    client.get(str(answer["impression_url"]), headers={"User-Agent": "Googlebot/2.1"})
    clock.now += 3000
    client.get(str(answer["click_url"]))
    assert counts(log) == {
        ("decision", "counted"): 1, ("impression", "bot"): 1, ("click", "bot"): 1,
    }  # fmt: skip


def test_a_second_ad_clicked_by_the_same_visitor_is_a_double(
    client: TestClient, clock: Clock
) -> None:
    tokens = {}
    while len(tokens) < 2 or max(map(len, tokens.values())) < 2:
        answer = ask(client)
        tokens.setdefault(str(answer["ad_id"]), []).append(answer["token"])
    first, second = next(pair for pair in tokens.values() if len(pair) >= 2)[:2]
    for token in (first, second):
        client.post("/v1/impression", json={"token": token})
    clock.now += 3000
    statuses = [
        client.post("/v1/click", json={"token": token}).json()["status"]
        for token in (first, second)
    ]
    assert statuses == ["counted", "double"]


def test_whoever_sends_too_many_is_kept_but_not_counted(
    services: DecisionServices, log: EventLog
) -> None:
    hasty = replace(services, impressions=Rate(most=3))
    with TestClient(create_decision_api(hasty), headers=BROWSER) as client:
        for _ in range(5):
            client.post("/v1/impression", json={"token": ask(client)["token"]})
    assert counts(log)["impression", "counted"] == 3
    assert counts(log)["impression", "crowded"] == 2


def test_a_sites_server_may_speak_for_its_visitors(client: TestClient) -> None:
    """Its own address and User-Agent don't matter then; without its key it may not."""
    told = {"token": ask(client)["token"], "user_agent": PEOPLE[1], "visitor_address": "::1"}
    headers = {"User-Agent": "python-requests/2.32"}
    refused = client.post("/v1/impression", json=told, headers=headers)
    assert refused.status_code == 401
    headers["X-Studio-Key"] = Tokens(KEYS).site_key("rice")
    answer = client.post("/v1/impression", json=told, headers=headers).json()
    assert answer == {"status": "counted", "repeated": False}


@pytest.mark.parametrize(
    ("change", "status", "field", "words"),
    [
        ({"campaign": "tea"}, 401, "X-Studio-Key", "studio site-key"),
        ({"context": {"market": "fr-FR", "placement": "x"}}, 404, "context", "de-DE/meta_feed"),
        ({"context": {"market": "de-DE"}}, 422, "context.placement", "Field required"),
        ({"context": DE_FEED | {"age": 3}}, 422, "context.age", "Extra inputs"),
        ({"campaign": 7}, 422, "campaign", "valid string"),
        ({"more": 1}, 422, "more", "docs/serving.md"),
    ],
)
def test_a_wrong_request_is_told_field_and_remedy(
    client: TestClient, change: dict[str, object], status: int, field: str, words: str
) -> None:
    answer = asked(client, **change)
    assert answer.status_code == status
    detail = answer.json()["detail"]
    assert detail["field"] == field
    assert words in detail["message"]


@pytest.mark.parametrize("key", ["", "wrong", Tokens(["o" * 40]).site_key("rice")])
def test_without_the_campaigns_key_nothing_is_decided(
    client: TestClient, log: EventLog, key: str
) -> None:
    assert asked(client, key).status_code == 401
    assert counts(log) == {}


def test_a_site_that_asks_too_fast_is_held_back(services: DecisionServices) -> None:
    slow = replace(services, decisions=Rate(most=2, window_s=30))
    with TestClient(create_decision_api(slow), headers=BROWSER) as client:
        statuses = [asked(client).status_code for _ in range(3)]
        held = asked(client)
    assert statuses == [200, 200, 429]
    assert 1 <= int(held.headers["retry-after"]) <= 30
    assert "STUDIO_DECISIONS_PER_SECOND" in held.json()["detail"]["message"]


@pytest.mark.parametrize("path", ["/v1/impression", "/v1/click"])
def test_forged_tokens_count_nowhere_and_lead_nowhere(
    client: TestClient, log: EventLog, path: str
) -> None:
    forged = Tokens(["f" * 40]).of(Tokens(KEYS).decision(str(ask(client)["token"])))
    for answer in (client.get(path, params={"t": forged}),
                   client.post(path, json={"token": forged})):  # fmt: skip
        assert answer.status_code == 422
        assert answer.json()["detail"]["field"] == "token"
    assert client.get(path).json()["detail"]["field"] == "t"
    assert counts(log) == {("decision", "counted"): 1}


def test_a_retired_ads_click_still_arrives(
    services: DecisionServices, client: TestClient, clock: Clock
) -> None:
    url = str(ask(client)["click_url"])
    services.roster.drop("rice")
    clock.now += 3000
    assert client.get(url).status_code == 204


class Broken:
    """A log whose disk is full."""

    def note(self, decision: Decision, /) -> None:
        pass

    def submit(self, event: Event, /) -> Future[Receipt]:
        failed: Future[Receipt] = Future()
        failed.set_exception(TransientError("events.db can't be written: disk is full."))
        return failed


def test_a_full_disk_is_admitted_and_visitors_still_land(
    services: DecisionServices, clock: Clock
) -> None:
    app = create_decision_api(replace(services, events=Broken()))
    with TestClient(app, follow_redirects=False, headers=BROWSER) as client:
        answer = ask(client)
        clock.now += 3000
        told = client.post("/v1/click", json={"token": answer["token"]})
        assert (told.status_code, told.headers["retry-after"]) == (503, "1")
        assert client.get(str(answer["click_url"])).status_code == 303


class Waiting(Broken):
    """A log that hasn't reached the disk yet."""

    def __init__(self) -> None:
        self.pending: list[Future[Receipt]] = []

    def submit(self, event: Event, /) -> Future[Receipt]:
        self.pending.append(Future())
        return self.pending[-1]


def test_no_click_is_answered_before_it_is_safe(services: DecisionServices) -> None:
    import asyncio

    from starlette.requests import Request

    from studio.api.decide import Desk, EventRequest
    from studio.domain.event import EventStatus

    log = Waiting()
    desk = Desk(replace(services, events=log))
    serving = services.roster.of("rice")
    decision, _ = serving.decide(next(iter(serving.cells)), at_ms=services.clock_ms())
    told = EventRequest(token=services.tokens.of(decision))
    request = Request({"type": "http", "headers": [], "client": ("10.0.0.1", 1)})

    async def click() -> None:
        answering = asyncio.create_task(desk.click(told, request))
        await asyncio.sleep(0.05)
        assert not answering.done()
        log.pending[0].set_result(Receipt(status=EventStatus.COUNTED, repeated=False))
        assert (await answering).status == "counted"

    asyncio.run(click())


def test_only_pictures_that_are_served_are_public(
    client: TestClient, studio: Studio, services: DecisionServices
) -> None:
    secret = studio.blobs.put(b"not for the public")
    shown = studio.blobs.put(b"a picture")
    assert client.get(f"/v1/picture/{secret}").status_code == 404
    serving = services.roster.of("rice")
    ads = (replace(serving.ads[0], picture_sha256=shown), *serving.ads[1:])
    services.roster.swap(replace(serving, ads=ads))
    answer = client.get(f"/v1/picture/{shown}")
    assert (answer.content, answer.headers["content-type"]) == (b"a picture", "image/jpeg")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/login", "/docs", "/openapi.json", "/files/x", "/"])
def test_there_is_nothing_else(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_large_and_endless_bodies_are_refused(client: TestClient) -> None:
    large = client.post("/v1/decide", content=b"x" * 8193)
    endless = client.post("/v1/decide", content=iter([b"x"]))
    assert (large.status_code, endless.status_code) == (413, 413)
    assert large.json()["detail"]["field"] == "body"


def test_pages_of_named_sites_may_ask_from_the_browser(services: DecisionServices) -> None:
    app = create_decision_api(replace(services, origins=("https://shop.example",)))
    ask_first = {"Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "x-studio-key"}  # fmt: skip
    with TestClient(app) as client:
        allowed, refused = (
            client.options("/v1/decide", headers=ask_first | {"Origin": origin})
            for origin in ("https://shop.example", "https://evil.example")
        )
    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in refused.headers


def test_health_names_the_snapshots(client: TestClient, services: DecisionServices) -> None:
    assert client.get("/health").json() == {
        "rice": services.roster.of("rice").snapshot.hash[:16]
    }

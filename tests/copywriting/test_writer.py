"""The writer keeps what passes, and asks again with the reason where it does not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from studio.copywriting.model import CopyRequest
from studio.copywriting.validator import faults, tidied
from studio.copywriting.writer import TRIES, write_copy
from studio.domain.creative import Copy
from studio.domain.placement import TextLimit
from studio.errors import PermanentError
from tests.contracts.text_model import a_request
from tests.examples import a_copy
from tests.markets.demo import a_placement

SOUND = a_copy(angle="value")


@dataclass
class Scripted:
    """A text model that gives its answers in turn, the last one again and again."""

    answers: list[Copy]
    name: str = "scripted"
    requests: list[CopyRequest] = field(default_factory=list)

    def write(self, request: CopyRequest) -> Copy:
        self.requests.append(request)
        return self.answers[min(len(self.requests), len(self.answers)) - 1]

    def fingerprint(self, request: CopyRequest) -> str:
        del request
        return ""


def test_sound_copy_is_taken_at_once() -> None:
    model = Scripted([SOUND])
    assert write_copy(model, a_request()) == SOUND
    assert len(model.requests) == 1


def test_a_fault_comes_back_as_feedback_with_another_seed() -> None:
    model = Scripted([replace(SOUND, headline=""), SOUND])
    assert write_copy(model, a_request()) == SOUND
    first, second = model.requests
    assert "headline is empty" in second.feedback
    assert first.seed != second.seed


def test_it_gives_up_after_three_tries_and_says_why() -> None:
    model = Scripted([replace(SOUND, body="Warm for 48 hours.")])
    with pytest.raises(PermanentError, match=r"scripted wrote no usable copy.*48"):
        write_copy(model, a_request())
    assert len(model.requests) == TRIES


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"cta": " "}, "cta is empty"),
        ({"headline": "今日のごはん"}, "isn't written in en"),
        ({"body": "A CHEAP way to warm rice."}, "avoids 'cheap'"),
        ({"body": "Warm for 24.5 hours."}, "24.5, which no claim proves"),
        ({"headline": "Rice in 25 minutes, 3 ways"}, "says 3,"),
    ],
)
def test_faults_are_named(change: dict[str, str], fault: str) -> None:
    (found,) = faults(replace(SOUND, **change), a_request())
    assert fault in found


def test_names_may_hold_digits_and_foreign_letters() -> None:
    product = replace(a_request().brief.product, name="炊飯器 3000")
    brief = replace(a_request().brief, product=product)
    copy = replace(SOUND, headline="炊飯器 3000: rice on time")
    assert faults(copy, a_request(brief=brief)) == ()


def test_text_that_the_platform_refuses_is_a_fault() -> None:
    tight = a_placement(headline=TextLimit(recommended=5, maximum=len(SOUND.headline)))
    assert faults(SOUND, a_request(placements=(tight,))) == ()
    tighter = replace(tight, headline=TextLimit(recommended=5, maximum=len(SOUND.headline) - 1))
    (found,) = faults(SOUND, a_request(placements=(a_placement(), tighter)))
    assert "12 (characters), 11 are allowed" in found


def test_a_near_duplicate_is_a_fault() -> None:
    other = replace(SOUND, headline="Rice on time.")
    (found,) = faults(SOUND, a_request(taken=(other,)))
    assert "too close to 'Rice on time.'" in found


def test_invisible_and_control_characters_are_stripped() -> None:
    hostile = replace(SOUND, headline="Rice\u202e on\x07\u200b time\n")
    assert tidied(hostile).headline == "Rice on time"

"""`studio learn` on a real database: plans are signed, rejected, checked, replayed, priced."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from studio import cli
from studio.app import Studio
from studio.domain.budget import PlanStatus
from studio.settings import Settings
from studio.workflows import limit_costs
from studio.workflows.simulate import Rehearsal
from tests.examples import ADMIN
from tests.workflows.learning_fakes import SLUG
from tests.workflows.test_learning_loop import published


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A campaign of 12 live ads that nobody saw yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    made = Studio(Settings())
    published(made.repository, made.blobs)
    return made


@pytest.fixture
def studio(live: Studio) -> Studio:
    """The same after three rehearsed days."""
    brief = live.briefs.brief(SLUG)
    days = list(Rehearsal.of(live.repository, brief).run(live.learner, person=ADMIN))
    assert len(days) == brief.budget.days
    return live


@pytest.fixture
def learn(
    live: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Learn:
    return Learn(monkeypatch, capsys)


class Learn:
    """`studio learn kettle-spring` and what it said."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        self._monkeypatch.setattr(sys, "argv", ["studio", "learn", SLUG, *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self._capsys.readouterr()
        assert int(ended.value.code or 0) == code, said
        return (said.err if code else said.out).replace("\N{NO-BREAK SPACE}", " ")


def test_a_plan_is_explained_signed_and_taken_back(learn: Learn, studio: Studio) -> None:
    said = learn()
    plan = studio.repository.plans(SLUG)[-1]
    assert plan.day == studio.briefs.brief(SLUG).launch + timedelta(days=3)
    assert "proposed: money doesn't follow it yet" in said
    assert "likely the best" in said
    assert "likely the best" not in learn("--no-explain")
    assert f"--approve {plan.day}" in said
    assert "signed the plan" in learn("--approve", str(plan.day), "--note", "Go.")
    assert studio.learner.status(plan) is PlanStatus.APPROVED
    assert studio.repository.plan_verdicts(SLUG)[-1].note == "Go."
    assert "was taken back" in learn("--undo")
    assert studio.learner.in_force(SLUG)[-1].undoes == plan.sha256


def test_a_rejection_needs_a_note(learn: Learn, studio: Studio) -> None:
    learn()
    plan = studio.repository.plans(SLUG)[-1]
    assert "write a note" in learn("--reject", str(plan.day), code=2)
    assert studio.learner.status(plan) is PlanStatus.PROPOSED
    assert "rejected the plan" in learn("--reject", str(plan.day), "--note", "A holiday.")
    assert studio.learner.status(plan) is PlanStatus.REJECTED


def test_a_plan_replays_to_the_same_bytes(learn: Learn, studio: Studio) -> None:
    plan = studio.repository.plans(SLUG)[-1]
    assert plan.sha256 in learn("--replay", str(plan.day)).replace("\n", "")
    assert "is no date" in learn("--replay", "soon", code=2)


def test_a_check_says_what_the_newest_plan_would_have_got(learn: Learn, studio: Studio) -> None:
    learn()
    found = studio.learner.check(studio.repository.plans(SLUG)[-1])
    assert found.over_even is not None
    said = " ".join(learn("--check").split())
    assert "on 3 days of the campaign's own log" in said
    for words in ("doubly robust", "IPS, self-normalised", "worth as much as", "as counted"):
        assert words in said
    assert f"{abs(found.over_even.value) * 100:.0f} % more clicks per view" in said
    assert "than an even split" in said
    assert "only the holdout proves a good one" in said


def test_a_check_without_days_says_why_it_cannot_tell(learn: Learn, live: Studio) -> None:
    assert "has no plan; propose one first" in learn("--check", code=2)
    learn()
    said = " ".join(learn("--check").split())
    assert "on 0 days" in said
    assert "can't tell what this plan would have got: no day was reported yet" in said


def test_the_limits_are_priced_once(
    learn: Learn, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit_costs, "SEEDS", 3)
    said = learn("--costs")
    assert "Exploration floor" in said
    assert "Holdout on the even split" in said
    again = learn("--costs")
    assert "Simulating" not in again
    assert "Exploration floor" in again


def test_one_thing_at_a_time(learn: Learn) -> None:
    assert "one of --approve" in " ".join(learn("--check", "--undo", code=2).split())

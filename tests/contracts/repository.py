"""What the repository does on every database. A subclass gives the fixture `engine`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count as counter
from threading import Barrier
from typing import TypeVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from studio.domain.alarm import Alarm, AlarmAnswer, AlarmKind, Answer
from studio.domain.brief import Brief, Slug
from studio.domain.budget import (
    BudgetPlan,
    Limit,
    Move,
    PlanDecision,
    PlanMode,
    PlanVerdict,
)
from studio.domain.creative import Creative, CreativeId, Decision, Role, Status, Verdict
from studio.domain.delivery import Ad, AdId, Cell, Delivery, Group, ImportCount
from studio.domain.delivery_report import DeliveryReport
from studio.domain.finding import Finding
from studio.domain.job import Job, JobId, JobState, UnitResult
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.domain.person import User
from studio.errors import IllegalTransition, InputError, NotFound
from studio.store.database import migrate, reading, writing
from studio.store.repository import Repository
from studio.store.tables import metadata
from tests.examples import NOON, a_brief, a_copy, a_creative, a_finding, a_verdict
from tests.store.strategies import (
    alarm_answers,
    briefs,
    creatives,
    delivery_counts,
    plan_verdicts,
    plans,
    verdicts,
)

T = TypeVar("T")
R = TypeVar("R")

RICE = Slug("rice")
DAY = date(2026, 12, 1)
DAYS = [DAY + timedelta(days=number) for number in range(5)]
lossless = settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[
        # One database serves all examples, which name their campaigns and creatives anew.
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
    ],
)


class RepositoryContract:
    """Run on SQLite and on PostgreSQL."""

    @pytest.fixture
    def repository(self, engine: Engine) -> Repository:
        """A repository with the campaign `rice`."""
        repository = Repository(engine)
        repository.save_brief(a_brief(), "title: Rice cooker\n", by="mara", at=NOON)
        return repository

    # Briefs

    def test_a_brief_comes_back_as_it_was_saved(self, repository: Repository) -> None:
        assert repository.brief(RICE) == a_brief()
        assert repository.brief_yaml(RICE) == "title: Rice cooker\n"

    def test_every_version_of_a_brief_is_kept_newest_first(
        self, repository: Repository
    ) -> None:
        later = NOON + timedelta(hours=1)
        repository.save_brief(a_brief(title="Two"), "title: Two\n", by="ada", at=later)
        second, first = repository.brief_versions(RICE)
        assert (second.revision, second.by, second.at) == (2, "ada", later)
        assert (first.revision, first.by, first.at) == (1, "mara", NOON)
        assert (second.yaml_text, first.yaml_text) == ("title: Two\n", "title: Rice cooker\n")
        assert repository.brief(RICE).title == "Two"

    def test_saving_the_same_brief_again_adds_no_version(self, repository: Repository) -> None:
        repository.save_brief(a_brief(), "title: Rice cooker\n", by="ada", at=NOON)
        assert len(repository.brief_versions(RICE)) == 1

    def test_unknown_names_are_not_found(self, repository: Repository) -> None:
        asked: list[Callable[[], object]] = [
            lambda: repository.brief("tea"),
            lambda: repository.brief_yaml("tea"),
            lambda: repository.creative(CreativeId("none")),
            lambda: repository.job(JobId("none")),
            lambda: repository.cancel(JobId("none")),
            lambda: repository.plan(RICE, DAY),
            lambda: repository.user("nobody"),
            lambda: repository.set_password("nobody", "hash"),
            lambda: repository.save_ads("tea", ()),
        ]
        for ask in asked:
            with pytest.raises(NotFound):
                ask()

    def test_the_campaign_that_changed_last_comes_first(self, repository: Repository) -> None:
        tea = a_brief(slug=Slug("tea"), title="Tea")
        repository.save_brief(tea, "", by="mara", at=NOON - timedelta(days=1))
        assert [each.slug for each in repository.campaigns()] == ["rice", "tea"]
        beat = NOON + timedelta(days=1)
        repository.enqueue(a_job("late", campaign=Slug("tea"), created_at=beat))
        first, second = repository.campaigns()
        assert (first.slug, first.updated_at) == ("tea", beat)
        assert (second.slug, second.updated_at) == ("rice", NOON)

    def test_a_summary_counts_the_creatives_of_every_status(
        self, repository: Repository
    ) -> None:
        made = [creative_named(name) for name in "abc"]
        record(repository, *made)
        repository.decide(a_verdict(made[0]), Status.APPROVED)
        (summary,) = repository.campaigns()
        assert summary.counts == {
            Status.DRAFT: 2,
            Status.APPROVED: 1,
            Status.REJECTED: 0,
            Status.LIVE: 0,
            Status.PAUSED: 0,
        }
        assert (summary.title, summary.launch) == ("Rice cooker", date(2026, 12, 1))
        assert summary.markets == ("en-US", "de-DE")

    # Creatives

    def test_creatives_come_in_the_order_of_market_variant_and_placement(
        self, repository: Repository
    ) -> None:
        spots = [
            ("en-US", "v1", "story"),
            ("en-US", "v1", "feed"),
            ("en-US", "V2", "feed"),
            ("de-DE", "v2", "feed"),
        ]
        record(
            repository,
            *(
                creative_named(
                    f"c{number}", market=market, variant=variant, placement=placement
                )
                for number, (market, variant, placement) in enumerate(spots)
            ),
        )
        found = repository.creatives(RICE)
        assert [each.id for each in found] == ["c3", "c2", "c1", "c0"]
        assert [each.id for each in repository.creatives(RICE, market="de-DE")] == ["c3"]
        assert [each.id for each in repository.creatives(RICE, placement="story")] == ["c0"]
        assert repository.creatives(RICE, status=Status.LIVE) == ()
        assert repository.creatives("tea") == ()

    def test_new_content_voids_the_approval_and_the_old_findings(
        self, repository: Repository
    ) -> None:
        creative = a_creative()
        record(repository, creative, findings=(a_finding(),))
        repository.decide(a_verdict(creative), Status.APPROVED)
        edited = replace(
            creative, copy=a_copy(headline="Dinner on time"), status=Status.APPROVED
        )
        repository.revise(edited, (a_finding(rule="G-02"),))
        assert repository.creative(creative.id) == replace(edited, status=Status.DRAFT)
        assert [each.rule for each in repository.findings(creative.id)] == ["G-02"]
        assert len(repository.verdicts(creative.id)) == 1

    def test_the_same_content_keeps_its_approval(self, repository: Repository) -> None:
        creative = a_creative()
        record(repository, creative)
        repository.decide(a_verdict(creative), Status.APPROVED)
        explained = replace(creative, copy=a_copy(rationale="Said better."))
        repository.revise(explained, ())
        assert repository.creative(creative.id) == replace(explained, status=Status.APPROVED)

    def test_a_change_of_what_somebody_else_changed_is_refused(
        self, repository: Repository
    ) -> None:
        creative = a_creative()
        record(repository, creative)
        edited = replace(creative, copy=a_copy(headline="Mine"))
        repository.revise(edited, (), replacing=creative.content_hash)
        late = replace(creative, copy=a_copy(headline="Theirs"))
        with pytest.raises(InputError, match="changed in the meantime"):
            repository.revise(late, (), replacing=creative.content_hash)
        assert repository.creative(creative.id).copy.headline == "Mine"

    def test_findings_keep_their_order_and_belong_to_the_current_content(
        self, repository: Repository
    ) -> None:
        found = tuple(a_finding(rule=rule) for rule in ("Z-1", "A-1", "M-1"))
        quiet = creative_named("quiet")
        record(repository, a_creative(), quiet, findings=found)
        assert repository.findings(a_creative().id) == found
        assert repository.findings_of(RICE) == {a_creative().id: found, quiet.id: ()}

    # Decisions

    def test_a_decision_moves_the_creative_and_is_remembered(
        self, repository: Repository
    ) -> None:
        creative = a_creative()
        record(repository, creative)
        approved = repository.decide(a_verdict(creative), Status.APPROVED)
        assert approved == replace(creative, status=Status.APPROVED)
        assert repository.creative(creative.id) == approved
        taken_back = a_verdict(creative, decision=Decision.REOPEN, reason="wrong key")
        assert repository.decide(taken_back, Status.DRAFT) == creative
        assert repository.verdicts(creative.id) == (a_verdict(creative), taken_back)
        assert repository.verdicts_of(RICE) == (a_verdict(creative), taken_back)

    def test_a_decision_on_other_content_is_refused(self, repository: Repository) -> None:
        creative = a_creative()
        record(repository, creative)
        with pytest.raises(InputError, match="changed in the meantime"):
            repository.decide(a_verdict(creative, content_hash="0" * 64), Status.APPROVED)
        assert repository.creative(creative.id).status is Status.DRAFT
        assert repository.verdicts(creative.id) == ()

    @pytest.mark.parametrize(
        ("before", "decision", "wanted"),
        [
            (Status.REJECTED, Decision.APPROVE, Status.APPROVED),
            (Status.DRAFT, Decision.REOPEN, Status.DRAFT),
            (Status.APPROVED, Decision.REOPEN, Status.LIVE),
        ],
    )
    def test_an_illegal_step_is_refused_and_not_remembered(
        self, repository: Repository, before: Status, decision: Decision, wanted: Status
    ) -> None:
        creative = a_creative(status=before)
        record(repository, creative)
        with pytest.raises(IllegalTransition):
            repository.decide(a_verdict(creative, decision=decision), wanted)
        assert repository.verdicts(creative.id) == ()
        assert repository.creative(creative.id).status is before

    def test_of_many_approvals_at_once_exactly_one_counts(self, repository: Repository) -> None:
        drafts = [creative_named(name) for name in "abcdef"]
        record(repository, *drafts)

        def approve(verdict: Verdict) -> bool:
            try:
                repository.decide(verdict, Status.APPROVED)
            except IllegalTransition:
                return False
            return True

        for draft in drafts:
            rivals = [
                a_verdict(draft, reviewer=name) for name in ("ada", "rene", "mara", "kim")
            ]
            assert at_once(approve, rivals).count(True) == 1
            assert len(repository.verdicts(draft.id)) == 1

    def test_only_the_content_that_was_approved_goes_live(self, repository: Repository) -> None:
        creative = a_creative()
        record(repository, creative)
        repository.decide(a_verdict(creative), Status.APPROVED)
        with pytest.raises(InputError, match="changed in the meantime"):
            repository.set_status(creative.id, Status.LIVE, content_hash="0" * 64)
        repository.set_status(creative.id, Status.LIVE, content_hash=creative.content_hash)
        assert repository.creative(creative.id).status is Status.LIVE

    @pytest.mark.parametrize(
        "table", ["verdicts", "brief_versions", "plans", "plan_verdicts", "alarm_answers"]
    )
    @pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
    def test_the_database_itself_refuses_to_rewrite_history(
        self, repository: Repository, engine: Engine, table: str, change: str
    ) -> None:
        record(repository, a_creative())
        repository.decide(a_verdict(a_creative()), Status.APPROVED)
        repository.save_plan(a_plan(), signed=a_plan_verdict(a_plan()))
        repository.answer_alarm(an_answer())
        column = {
            "verdicts": "reason",
            "brief_versions": "by",
            "plans": "policy",
            "plan_verdicts": "note",
            "alarm_answers": "answer",
        }[table]
        with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
            connection.execute(sa.text(change.format(table, column, column)))

    # Jobs

    def test_the_oldest_queued_job_is_claimed_first(self, repository: Repository) -> None:
        repository.enqueue(a_job("b", created_at=NOON))
        repository.enqueue(a_job("a", created_at=NOON + timedelta(seconds=1)))
        claimed = repository.claim("w1", now=NOON, stale_after_s=30)
        assert claimed is not None
        assert (claimed.id, claimed.state, claimed.beat_at) == ("b", JobState.RUNNING, NOON)
        assert [job.id for job in repository.jobs(RICE)] == ["a", "b"]

    def test_of_many_workers_exactly_one_gets_the_job(self, repository: Repository) -> None:
        repository.enqueue(a_job("only"))

        def claim(worker: str) -> Job | None:
            return repository.claim(worker, now=NOON, stale_after_s=30)

        claimed = [job for job in at_once(claim, ["w1", "w2", "w3", "w4"]) if job]
        assert [job.id for job in claimed] == ["only"]

    def test_a_job_whose_worker_fell_silent_is_taken_over(self, repository: Repository) -> None:
        repository.enqueue(a_job("j"))
        repository.claim("dead", now=NOON, stale_after_s=30)
        in_time = NOON + timedelta(seconds=30)
        assert repository.claim("heir", now=in_time, stale_after_s=30) is None
        late = NOON + timedelta(seconds=31)
        taken = repository.claim("heir", now=late, stale_after_s=30)
        assert taken is not None
        assert taken.beat_at == late
        lost = {"now": late, "done": 1, "total": 2, "message": "too late"}
        assert not repository.beat(JobId("j"), "dead", **lost)
        repository.finish(JobId("j"), "dead", JobState.FAILED, "too late")
        assert repository.job(JobId("j")) == taken

    def test_a_beat_reports_progress(self, repository: Repository) -> None:
        repository.enqueue(a_job("j"))
        repository.claim("w", now=NOON, stale_after_s=30)
        now = NOON + timedelta(seconds=5)
        alive = repository.beat(JobId("j"), "w", now=now, done=3, total=8, message="de-DE")
        assert alive
        job = repository.job(JobId("j"))
        assert (job.units_done, job.units_total, job.message) == (3, 8, "de-DE")
        assert job.beat_at == now

    def test_a_finished_job_is_not_claimed_again(self, repository: Repository) -> None:
        repository.enqueue(a_job("j"))
        repository.claim("w", now=NOON, stale_after_s=30)
        repository.finish(JobId("j"), "w", JobState.DONE, "made 8 units")
        job = repository.job(JobId("j"))
        assert (job.state, job.message) == (JobState.DONE, "made 8 units")
        later = NOON + timedelta(days=1)
        assert repository.claim("w", now=later, stale_after_s=30) is None

    def test_a_cancelled_job_ends_its_worker_and_stays_cancelled(
        self, repository: Repository
    ) -> None:
        repository.enqueue(a_job("j"))
        repository.claim("w", now=NOON, stale_after_s=30)
        repository.cancel(JobId("j"))
        repository.cancel(JobId("j"))
        assert not repository.beat(JobId("j"), "w", now=NOON, done=1, total=2, message="on")
        repository.finish(JobId("j"), "w", JobState.DONE, "made 2 units")
        assert repository.job(JobId("j")).state is JobState.CANCELLED

    def test_cancelling_what_is_done_changes_nothing(self, repository: Repository) -> None:
        repository.enqueue(a_job("j"))
        repository.claim("w", now=NOON, stale_after_s=30)
        repository.finish(JobId("j"), "w", JobState.DONE, "")
        repository.cancel(JobId("j"))
        assert repository.job(JobId("j")).state is JobState.DONE

    def test_two_jobs_of_one_id_are_refused(self, repository: Repository) -> None:
        repository.enqueue(a_job("j"))
        with pytest.raises(InputError, match="already a job 'j'"):
            repository.enqueue(a_job("j"))

    # Units

    def test_a_unit_is_recorded_with_all_that_it_made(self, repository: Repository) -> None:
        made = (creative_named("a"), creative_named("b"))
        assert repository.finished_unit("unit") is None
        record(repository, *made)
        assert repository.finished_unit("unit") == a_unit("unit", *made)
        assert repository.creatives(RICE) == made

    def test_recording_a_unit_again_changes_nothing(self, repository: Repository) -> None:
        record(repository, a_creative())
        other = replace(a_creative(), copy=a_copy(headline="Made again"))
        record(repository, other, findings=(a_finding(),))
        assert repository.creative(other.id) == a_creative()
        assert repository.findings(other.id) == ()

    def test_a_unit_that_fails_half_way_leaves_nothing(self, repository: Repository) -> None:
        stranger = creative_named("b", campaign=Slug("tea"))
        with pytest.raises(DBAPIError, match="(?i)foreign key"):
            record(repository, creative_named("a"), stranger)
        assert repository.creatives(RICE) == ()
        assert repository.finished_unit("unit") is None

    def test_creatives_made_again_from_other_inputs_replace_the_first(
        self, repository: Repository
    ) -> None:
        first, second = a_creative(), a_creative(copy=a_copy(headline="Second"))
        record(repository, first, key="one")
        repository.decide(a_verdict(first), Status.APPROVED)
        record(repository, second, key="two")
        assert repository.creative(first.id) == second
        assert repository.finished_unit("one") is None
        record(repository, first, key="one")
        assert repository.creative(first.id) == first
        assert repository.finished_unit("two") is None

    def test_an_edited_creative_is_not_made_again(self, repository: Repository) -> None:
        record(repository, a_creative())
        repository.revise(a_creative(copy=a_copy(headline="Edited")), ())
        assert repository.finished_unit("unit") == a_unit("unit", a_creative())

    def test_two_processes_that_finish_one_unit_record_it_once(
        self, repository: Repository
    ) -> None:
        repository.enqueue(a_job("j"))
        made = (creative_named("a"), creative_named("b"))

        def finish(headline: str) -> None:
            own = [replace(each, copy=a_copy(headline=headline)) for each in made]
            repository.record_unit(JobId("j"), a_unit("unit", *own), own, {})

        at_once(finish, ["one", "two", "three"])
        assert len({each.copy.headline for each in repository.creatives(RICE)}) == 1

    # Ads and deliveries

    def test_ads_are_saved_once(self, repository: Repository) -> None:
        ads = with_ads(repository, "b", "a")
        repository.save_ads(RICE, ads)
        assert repository.ads(RICE) == tuple(sorted(ads, key=lambda ad: ad.id))
        for other in (replace(ads[1], platform="other"), replace(ads[1], group=Group.HOLDOUT)):
            with pytest.raises(InputError, match="already another ad 'a'"):
                repository.save_ads(RICE, [other])

    def test_the_value_of_conversions_is_kept_where_it_was_reported(
        self, repository: Repository
    ) -> None:
        with_ads(repository, "a", "b")
        worth = replace(a_delivery("a"), value=Money.of("129.99", "USD"))
        worthless = replace(a_delivery("b"), value=Money.of(0, "USD"))
        later = replace(a_delivery("b"), day=DAY + timedelta(days=1))
        repository.replace_deliveries(RICE, [worth, worthless, later])
        assert repository.deliveries(RICE) == (worth, worthless, later)

    def test_an_ad_of_an_unknown_creative_is_refused(self, repository: Repository) -> None:
        with pytest.raises(InputError, match="no creative 'missing'"):
            repository.save_ads(RICE, [an_ad("a", creative_id="missing")])

    def test_an_import_counts_what_it_changed(self, repository: Repository) -> None:
        with_ads(repository, "a", "b")
        first, second = a_delivery("a"), a_delivery("b")
        assert repository.replace_deliveries(RICE, [first, second]) == count(added=2)
        corrected = replace(second, clicks=5)
        third = replace(first, day=DAY + timedelta(days=1))
        again = repository.replace_deliveries(RICE, [corrected, first, third])
        assert again == ImportCount(added=1, replaced=1, unchanged=1)
        assert repository.deliveries(RICE) == (first, corrected, third)

    def test_deliveries_are_given_until_a_day_and_with_it(self, repository: Repository) -> None:
        with_ads(repository, "a")
        days = [a_delivery("a", day=DAY + timedelta(days=number)) for number in range(3)]
        repository.replace_deliveries(RICE, reversed(days))
        assert repository.deliveries(RICE, until=days[1].day) == tuple(days[:2])
        assert repository.deliveries(RICE, until=DAY - timedelta(days=1)) == ()

    def test_what_was_reported_before_is_kept_with_its_days(
        self, repository: Repository
    ) -> None:
        with_ads(repository, "a", "b")
        first, other = a_delivery("a"), a_delivery("b")
        more = replace(first, conversions=2)
        pulls = ([first, other], [first], [more], [more], [first])
        for day, reported in zip(DAYS, pulls, strict=True):
            repository.replace_deliveries(RICE, reported, reported_on=day)
        assert repository.delivery_reports(RICE) == (
            a_report(first, DAYS[0], DAYS[1]),
            a_report(more, DAYS[2], DAYS[3]),
            a_report(first, DAYS[4], DAYS[4]),
            a_report(other, DAYS[0], DAYS[0]),
        )
        assert repository.deliveries(RICE) == (first, other)

    def test_a_correction_on_the_same_day_is_no_report_of_its_own(
        self, repository: Repository
    ) -> None:
        with_ads(repository, "a")
        wrong = a_delivery("a", clicks=9)
        for delivery in (wrong, a_delivery("a")):
            repository.replace_deliveries(RICE, [delivery], reported_on=DAY)
        (only,) = repository.delivery_reports(RICE)
        assert only == a_report(a_delivery("a"), DAY, DAY)

    def test_numbers_of_unknown_days_wait_to_be_confirmed(self, repository: Repository) -> None:
        with_ads(repository, "a")
        repository.replace_deliveries(RICE, [a_delivery("a", clicks=1)])
        repository.replace_deliveries(RICE, [a_delivery("a")])
        assert repository.delivery_reports(RICE) == ()
        repository.replace_deliveries(RICE, [a_delivery("a")], reported_on=DAYS[1])
        repository.replace_deliveries(RICE, [a_delivery("a")], reported_on=DAYS[0])
        assert repository.delivery_reports(RICE) == (
            a_report(a_delivery("a"), DAYS[1], DAYS[1]),
        )

    def test_files_imported_in_any_order_lose_no_report(self, repository: Repository) -> None:
        with_ads(repository, "a")
        old, new = a_delivery("a", clicks=1), a_delivery("a", clicks=2)
        for delivery, day in ((new, 3), (old, 1), (new, 3), (old, 4)):
            repository.replace_deliveries(RICE, [delivery], reported_on=DAYS[day])
        assert [
            (report.reported_on, report.delivery.clicks)
            for report in repository.delivery_reports(RICE)
        ] == [(DAYS[1], 1), (DAYS[3], 2), (DAYS[4], 1)]

    def test_earlier_reports_are_of_their_campaign_and_cant_be_changed(
        self, repository: Repository, engine: Engine
    ) -> None:
        with_ads(repository, "a")
        for clicks, day in ((1, DAYS[0]), (2, DAYS[1])):
            repository.replace_deliveries(
                RICE, [a_delivery("a", clicks=clicks)], reported_on=day
            )
        assert repository.delivery_reports(a_new_campaign(repository)) == ()
        for change in (
            "DELETE FROM delivery_reports",
            "UPDATE delivery_reports SET clicks = 0",
        ):
            with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
                connection.execute(sa.text(change))
        assert len(repository.delivery_reports(RICE)) == 2

    def test_deliveries_of_unknown_ads_are_refused_as_a_whole(
        self, repository: Repository
    ) -> None:
        with_ads(repository, "a")
        with pytest.raises(InputError, match="has no ad 'ghost'"):
            repository.replace_deliveries(RICE, [a_delivery("a"), a_delivery("ghost")])
        assert repository.deliveries(RICE) == ()

    def test_contradicting_rows_of_one_import_are_refused(self, repository: Repository) -> None:
        with_ads(repository, "a")
        rows = [a_delivery("a"), a_delivery("a", clicks=9)]
        with pytest.raises(InputError, match="reported twice for 2026-12-01"):
            repository.replace_deliveries(RICE, rows)

    @lossless
    @given(st.lists(delivery_counts(), min_size=1, max_size=6))
    def test_importing_twice_changes_nothing(
        self, repository: Repository, counts: list[tuple[str, int, int, int]]
    ) -> None:
        campaign = a_new_campaign(repository)
        reported = deliveries_of(campaign, counts)
        assert repository.replace_deliveries(campaign, reported) == count(added=len(reported))
        before = repository.deliveries(campaign)
        again = repository.replace_deliveries(campaign, reported)
        assert again == count(unchanged=len(reported))
        assert repository.deliveries(campaign) == before
        assert set(before) == set(reported)

    @lossless
    @given(st.data(), st.lists(delivery_counts(), min_size=2, max_size=8))
    def test_the_order_of_imports_is_irrelevant(
        self,
        repository: Repository,
        data: st.DataObject,
        counts: list[tuple[str, int, int, int]],
    ) -> None:
        straight, shuffled = a_new_campaign(repository), a_new_campaign(repository)
        for delivery in deliveries_of(straight, counts):
            repository.replace_deliveries(straight, [delivery])
        for delivery in data.draw(st.permutations(deliveries_of(shuffled, counts))):
            repository.replace_deliveries(shuffled, [delivery])
        assert [
            replace(each, ad_id=each.ad_id.removeprefix(straight))
            for each in repository.deliveries(straight)
        ] == [
            replace(each, ad_id=each.ad_id.removeprefix(shuffled))
            for each in repository.deliveries(shuffled)
        ]

    # Plans

    def test_the_newest_revision_of_a_day_counts(self, repository: Repository) -> None:
        first = a_plan()
        second = replace(first, seed=first.seed + 1, mode=PlanMode.AUTO)
        earlier = replace(first, day=DAY - timedelta(days=1))
        for plan in (first, second, second, earlier):
            repository.save_plan(plan)
        assert repository.plans(RICE) == (earlier, second)
        assert repository.plan(RICE, DAY) == second

    def test_a_plan_taken_up_again_counts_again(self, repository: Repository) -> None:
        first = a_plan()
        for plan in (first, replace(first, seed=first.seed + 1), first):
            repository.save_plan(plan)
        assert repository.plan(RICE, DAY) == first

    def test_plans_of_one_day_made_at_once_are_all_kept(
        self, repository: Repository, engine: Engine
    ) -> None:
        plan = a_plan()
        at_once(lambda seed: repository.save_plan(replace(plan, seed=seed)), [1, 2, 3, 4])
        table = metadata.tables["plans"]
        with reading(engine) as connection:
            revisions = connection.scalars(sa.select(table.c.revision)).all()
        assert sorted(revisions) == [1, 2, 3, 4]

    def test_every_revision_is_kept_in_the_order_they_were_made(
        self, repository: Repository
    ) -> None:
        first = a_plan()
        second = replace(first, seed=first.seed + 1)
        earlier = replace(first, day=DAY - timedelta(days=1))
        for plan in (first, second, earlier, first):
            repository.save_plan(plan)
        assert repository.plan_revisions(RICE) == (earlier, first, second, first)

    def test_a_decision_on_a_plan_is_bound_to_what_it_says(
        self, repository: Repository
    ) -> None:
        first = a_plan()
        second = replace(first, seed=first.seed + 1)
        repository.save_plan(first)
        repository.save_plan(second)
        with pytest.raises(InputError, match="changed in the meantime"):
            repository.decide_plan(a_plan_verdict(first))
        missing = replace(second, day=DAY + timedelta(days=1))
        with pytest.raises(InputError, match="changed in the meantime"):
            repository.decide_plan(a_plan_verdict(missing))
        assert repository.plan_verdicts(RICE) == ()
        repository.decide_plan(a_plan_verdict(second))
        assert repository.plan_verdicts(RICE) == (a_plan_verdict(second),)

    def test_a_plan_may_be_stored_together_with_its_signature(
        self, repository: Repository
    ) -> None:
        plan = a_plan()
        broken = replace(a_plan_verdict(plan), note="half a pair \ud800")
        with pytest.raises(InputError, match="can't be stored"):
            repository.save_plan(plan, signed=broken)
        assert repository.plan_revisions(RICE) == ()
        repository.save_plan(plan, signed=a_plan_verdict(plan))
        assert repository.plan_verdicts(RICE) == (a_plan_verdict(plan),)

    def test_of_many_signatures_at_once_exactly_one_counts(
        self, repository: Repository
    ) -> None:
        plan = a_plan()
        repository.save_plan(plan)

        def sign(person: str) -> bool:
            try:
                repository.decide_plan(replace(a_plan_verdict(plan), person=person))
            except InputError:
                return False
            return True

        assert at_once(sign, ["ada", "mara", "kim", "rene"]).count(True) == 1
        assert len(repository.plan_verdicts(RICE)) == 1

    def test_a_decision_may_be_turned_and_both_are_remembered(
        self, repository: Repository
    ) -> None:
        repository.save_plan(a_plan())
        rejected = replace(a_plan_verdict(a_plan()), decision=PlanDecision.REJECT)
        approved = a_plan_verdict(a_plan())
        repository.decide_plan(rejected)
        with pytest.raises(InputError, match="mara decided the same"):
            repository.decide_plan(rejected)
        repository.decide_plan(approved)
        assert repository.plan_verdicts(RICE) == (rejected, approved)

    def test_answers_to_alarms_are_kept_in_the_order_they_were_given(
        self, repository: Repository
    ) -> None:
        first = an_answer()
        second = replace(first, answer=Answer.EXCLUDE, at=NOON + timedelta(hours=1))
        repository.answer_alarm(first)
        repository.answer_alarm(second)
        assert repository.alarm_answers(RICE) == (first, second)
        assert repository.alarm_answers("tea") == ()
        with pytest.raises(NotFound):
            repository.answer_alarm(replace(first, campaign=Slug("tea")))

    # People

    def test_accounts_are_kept_by_name(self, repository: Repository) -> None:
        ada = User(name="ada", role=Role.ADMIN, password_hash="h1", must_change_password=True)
        ben = User(name="Ben", role=Role.REVIEWER, password_hash="h2", active=False)
        repository.add_user(ada)
        repository.add_user(ben)
        assert repository.users() == (ben, ada)
        assert repository.user("ada") == ada
        with pytest.raises(InputError, match="already a user 'ada'"):
            repository.add_user(replace(ada, role=Role.MARKETER))
        repository.set_password("ada", "h3")
        changed = replace(ada, password_hash="h3", must_change_password=False)
        assert repository.user("ada") == changed

    # Values

    @lossless
    @given(briefs())
    def test_any_brief_survives_the_round_trip(
        self, repository: Repository, brief: Brief
    ) -> None:
        repository.save_brief(brief, "a: 1", by="mara", at=NOON)
        assert repository.brief(brief.slug) == brief

    @lossless
    @given(creatives())
    def test_any_creative_survives_the_round_trip(
        self, repository: Repository, creative: Creative
    ) -> None:
        new = replace(creative, id=CreativeId(f"new-{next(fresh_numbers)}"))
        record(repository, new, key=new.id)
        assert repository.creative(new.id) == new

    @lossless
    @given(verdicts())
    def test_any_verdict_survives_the_round_trip(
        self, repository: Repository, verdict: Verdict
    ) -> None:
        creative = creative_named(f"new-{next(fresh_numbers)}")
        record(repository, creative, key=creative.id)
        bound = replace(verdict, creative_id=creative.id, content_hash=creative.content_hash)
        repository.decide(replace(bound, decision=Decision.APPROVE), Status.APPROVED)
        repository.decide(replace(bound, decision=Decision.REOPEN), Status.DRAFT)
        assert repository.verdicts(creative.id)[-1] == replace(bound, decision=Decision.REOPEN)

    @lossless
    @given(st.data())
    def test_any_plan_survives_the_round_trip(
        self, repository: Repository, data: st.DataObject
    ) -> None:
        plan = data.draw(plans(RICE))
        signed = data.draw(plan_verdicts(plan))
        repository.save_plan(plan, signed=signed)
        assert repository.plan(RICE, plan.day) == plan
        assert repository.plan(RICE, plan.day).sha256 == plan.sha256
        assert repository.plan_verdicts(RICE)[-1] == signed

    @lossless
    @given(alarm_answers(RICE))
    def test_any_answer_survives_the_round_trip(
        self, repository: Repository, answer: AlarmAnswer
    ) -> None:
        repository.answer_alarm(answer)
        assert repository.alarm_answers(RICE)[-1] == answer

    def test_times_come_back_in_utc(self, repository: Repository) -> None:
        in_tokyo = datetime(2026, 11, 22, 21, 0, tzinfo=timezone(timedelta(hours=9)))
        repository.enqueue(a_job("j", created_at=in_tokyo))
        created = repository.job(JobId("j")).created_at
        assert (created, created.tzinfo) == (NOON, UTC)

    @pytest.mark.parametrize("text", ["nul \0 character", "half a pair \ud800"])
    def test_text_that_one_database_could_not_hold_is_refused_by_both(
        self, repository: Repository, text: str
    ) -> None:
        creative = a_creative()
        record(repository, creative)
        with pytest.raises(InputError, match="can't be stored"):
            repository.decide(a_verdict(creative, reason=text), Status.APPROVED)
        assert repository.creative(creative.id).status is Status.DRAFT

    # Schema

    def test_migrating_again_changes_nothing(
        self, repository: Repository, engine: Engine
    ) -> None:
        migrate(engine)
        assert repository.brief(RICE) == a_brief()


def a_job(name: str, **overrides: object) -> Job:
    job = Job(
        id=JobId(name),
        campaign=RICE,
        state=JobState.QUEUED,
        units_done=0,
        units_total=0,
        message="",
        created_at=NOON,
        beat_at=None,
    )
    return replace(job, **overrides)  # type: ignore[arg-type]


def a_unit(key: str, *made: Creative) -> UnitResult:
    return UnitResult(key=key, creative_ids=tuple(each.id for each in made), seconds=1.5)


def record(
    repository: Repository,
    *made: Creative,
    key: str = "unit",
    findings: tuple[Finding, ...] = (),
) -> None:
    """Let a job make these creatives; the findings are of the first."""
    try:
        repository.job(JobId("made"))
    except NotFound:
        repository.enqueue(a_job("made"))
    found = {made[0].id: findings}
    repository.record_unit(JobId("made"), a_unit(key, *made), made, found)


def creative_named(name: str, **overrides: object) -> Creative:
    return a_creative(id=CreativeId(name), **overrides)


def an_ad(name: str, *, creative_id: str) -> Ad:
    return Ad(
        id=AdId(name),
        creative_id=CreativeId(creative_id),
        cell=Cell(market=Locale("en-US"), placement="meta_feed_1x1"),
        platform="folder",
        variant="v1",
        attributes={"angle": "craft", "set": "arch"},
        content_hash=a_creative().content_hash,
    )


def with_ads(repository: Repository, *names: str, campaign: Slug = RICE) -> list[Ad]:
    """Ads of one creative in the campaign."""
    creative = creative_named(f"creative-of-{campaign}", campaign=campaign)
    record(repository, creative, key=f"unit-of-{campaign}")
    ads = [an_ad(name, creative_id=creative.id) for name in names]
    repository.save_ads(campaign, ads)
    return ads


def a_delivery(ad: str, *, day: date = DAY, clicks: int = 3) -> Delivery:
    return Delivery(
        ad_id=AdId(ad),
        day=day,
        cell=Cell(market=Locale("en-US"), placement="meta_feed_1x1"),
        impressions=100,
        clicks=clicks,
        conversions=1,
        spend=Money.of("1.25", "USD"),
    )


def a_report(delivery: Delivery, first: date, last: date) -> DeliveryReport:
    return DeliveryReport(delivery=delivery, reported_on=first, confirmed_on=last)


fresh_numbers = counter(1)


def a_new_campaign(repository: Repository) -> Slug:
    """A campaign with ads `a` and `b`, their names after its own."""
    campaign = Slug(f"campaign-{next(fresh_numbers)}-")
    repository.save_brief(a_brief(slug=campaign), "", by="mara", at=NOON)
    with_ads(repository, f"{campaign}a", f"{campaign}b", campaign=campaign)
    return campaign


def deliveries_of(campaign: Slug, counts: list[tuple[str, int, int, int]]) -> list[Delivery]:
    """Deliveries with these counts, one for each ad and day."""
    made = {}
    for ad, day, impressions, clicks in counts:
        delivery = a_delivery(f"{campaign}{ad}", day=DAY + timedelta(days=day), clicks=0)
        made[ad, day] = replace(
            delivery, impressions=impressions, clicks=min(clicks, impressions)
        )
    return list(made.values())


def a_plan() -> BudgetPlan:
    move = Move(
        ad_id=AdId("a"),
        cell=Cell(market=Locale("en-US"), placement="meta_feed_1x1"),
        share_before=0.5,
        share_after=0.7,
        budget_after=Money.of("35", "USD"),
        impressions=1000,
        clicks=31,
        ctr_mean=0.03,
        ctr_low=0.02,
        ctr_high=0.04,
        best_probability=0.9,
        expected_gain=0.1,
        limit=Limit.NONE,
        reason="It wins.",
    )
    return BudgetPlan(
        campaign=RICE,
        day=DAY,
        moves=(move,),
        policy="thompson-1",
        posterior_hash="c" * 64,
        inputs_sha256="d" * 64,
        seed=7,
        mode=PlanMode.PROPOSE,
    )


def a_plan_verdict(plan: BudgetPlan) -> PlanVerdict:
    return PlanVerdict(
        campaign=plan.campaign,
        day=plan.day,
        plan_sha256=plan.sha256,
        decision=PlanDecision.APPROVE,
        person="mara",
        role=Role.MARKETER,
        note="As discussed.",
        at=NOON,
    )


def an_answer() -> AlarmAnswer:
    return AlarmAnswer(
        campaign=RICE,
        alarm=Alarm(
            kind=AlarmKind.SPEND_TENFOLD,
            day=DAY,
            cell=Cell(market=Locale("en-US"), placement="meta_feed_1x1"),
            question="Twelve times the money of the plan?",
        ),
        answer=Answer.ACCEPT,
        person="mara",
        role=Role.MARKETER,
        note="A holiday.",
        at=NOON,
    )


def count(*, added: int = 0, replaced: int = 0, unchanged: int = 0) -> ImportCount:
    return ImportCount(added=added, replaced=replaced, unchanged=unchanged)


def at_once(work: Callable[[T], R], items: list[T]) -> list[R]:
    """Results of threads that start together."""
    barrier = Barrier(len(items))

    def started(item: T) -> R:
        barrier.wait()
        return work(item)

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(started, items))

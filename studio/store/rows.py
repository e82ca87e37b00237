"""Between domain values and rows, losslessly; the domain does not know that it is stored."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy.engine import RowMapping

from studio.domain.alarm import Alarm, AlarmAnswer, Answer
from studio.domain.brief import Brief, Slug
from studio.domain.budget import (
    BudgetPlan,
    CellMove,
    HoldoutBudget,
    Move,
    PlanDecision,
    PlanMode,
    PlanVerdict,
)
from studio.domain.campaign import BriefVersion
from studio.domain.creative import (
    Copy,
    Creative,
    CreativeId,
    Decision,
    Film,
    Picture,
    Rendition,
    Role,
    Status,
    Verdict,
)
from studio.domain.delivery import Ad, AdId, Cell, Delivery, Group
from studio.domain.delivery_report import DeliveryReport
from studio.domain.finding import Finding, Severity
from studio.domain.job import Job, JobId, JobState, UnitResult
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.domain.person import User

Row: TypeAlias = dict[str, object]

BRIEF = TypeAdapter(Brief)
COPY = TypeAdapter(Copy)
PICTURE = TypeAdapter(Picture)
RENDITION = TypeAdapter(Rendition)
FILM = TypeAdapter(Film)
MOVES = TypeAdapter(tuple[Move, ...])
ALARM = TypeAdapter(Alarm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What a plan tells besides its moves; plans of older versions lack it."""

    cells: tuple[CellMove, ...] = ()
    holdout: tuple[HoldoutBudget, ...] = ()
    model_hash: str = ""
    data_hash: str = ""
    previous_sha256: str = ""
    obstacles: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    undoes: str = ""
    total: Money | None = None
    day_weight: float = 1.0

    @classmethod
    def of(cls, plan: BudgetPlan) -> Ledger:
        """The ledger of a plan."""
        return cls(**_parts(plan))

    def parts(self) -> dict[str, Any]:
        """The plan's fields that the ledger holds."""
        return _parts(self)


def _parts(source: BudgetPlan | Ledger) -> dict[str, Any]:
    return {field.name: getattr(source, field.name) for field in fields(Ledger)}


LEDGER = TypeAdapter(Ledger)


def brief_to_json(brief: Brief) -> object:
    """A brief as JSON."""
    return BRIEF.dump_python(brief, mode="json")


def brief_from_json(stored: object) -> Brief:
    """The brief of a stored version."""
    return BRIEF.validate_python(stored)


def version_from_row(row: RowMapping) -> BriefVersion:
    """One saved text of a brief."""
    return BriefVersion(
        campaign=Slug(row["campaign"]),
        revision=row["revision"],
        at=row["at"],
        by=row["by"],
        yaml_text=row["yaml_text"],
    )


def creative_to_row(creative: Creative) -> Row:
    """A creative with its content hash, as the row of that very content."""
    return {
        "id": creative.id,
        "campaign": creative.campaign,
        "market": creative.market,
        "placement": creative.placement,
        "variant": creative.variant,
        "status": str(creative.status),
        "content_hash": creative.content_hash,
        "copy": COPY.dump_python(creative.copy, mode="json"),
        "picture": PICTURE.dump_python(creative.picture, mode="json"),
        "rendition": RENDITION.dump_python(creative.rendition, mode="json"),
        "attributes": dict(creative.attributes),
        "seed": creative.seed,
        "text_model": creative.text_model,
        "prompt_sha256": creative.prompt_sha256,
        "landing_url": creative.landing_url,
        "film": creative.film and FILM.dump_python(creative.film, mode="json"),
    }


def creative_from_row(row: RowMapping) -> Creative:
    """The creative of a row."""
    return Creative(
        id=CreativeId(row["id"]),
        campaign=Slug(row["campaign"]),
        market=Locale(row["market"]),
        placement=row["placement"],
        variant=row["variant"],
        copy=COPY.validate_python(row["copy"]),
        picture=PICTURE.validate_python(row["picture"]),
        rendition=RENDITION.validate_python(row["rendition"]),
        attributes=dict(row["attributes"]),
        seed=row["seed"],
        text_model=row["text_model"],
        prompt_sha256=row["prompt_sha256"],
        landing_url=row["landing_url"],
        film=FILM.validate_python(row["film"]) if row["film"] else None,
        status=Status(row["status"]),
    )


def finding_to_row(finding: Finding, *, creative: Creative, position: int) -> Row:
    """A finding, bound to the content that it was found in."""
    return {
        "creative_id": creative.id,
        "content_hash": creative.content_hash,
        "position": position,
        **{field.name: getattr(finding, field.name) for field in fields(Finding)},
        "severity": str(finding.severity),
    }


def finding_from_row(row: RowMapping) -> Finding:
    """The finding of a row."""
    return Finding(
        rule=row["rule"],
        severity=Severity(row["severity"]),
        market=Locale(row["market"]),
        evidence=row["evidence"],
        message=row["message"],
        law=row["law"],
        fix=row["fix"],
        field=row["field"],
        kind=row["kind"],
        in_force=row["in_force"],
        start=row["start"],
        end=row["end"],
    )


def verdict_to_row(verdict: Verdict) -> Row:
    """A verdict as a row; its number is the database's."""
    return {
        "creative_id": verdict.creative_id,
        "content_hash": verdict.content_hash,
        "decision": str(verdict.decision),
        "reviewer": verdict.reviewer,
        "role": str(verdict.role),
        "reason": verdict.reason,
        "at": verdict.at,
    }


def verdict_from_row(row: RowMapping) -> Verdict:
    """The verdict of a row."""
    return Verdict(
        creative_id=CreativeId(row["creative_id"]),
        content_hash=row["content_hash"],
        decision=Decision(row["decision"]),
        reviewer=row["reviewer"],
        role=Role(row["role"]),
        reason=row["reason"],
        at=row["at"],
    )


def job_to_row(job: Job) -> Row:
    """A job that no worker holds yet."""
    return {
        "id": job.id,
        "campaign": job.campaign,
        "state": str(job.state),
        "units_done": job.units_done,
        "units_total": job.units_total,
        "message": job.message,
        "created_at": job.created_at,
        "beat_at": job.beat_at,
        "worker": None,
    }


def job_from_row(row: RowMapping) -> Job:
    """The job of a row."""
    return Job(
        id=JobId(row["id"]),
        campaign=Slug(row["campaign"]),
        state=JobState(row["state"]),
        units_done=row["units_done"],
        units_total=row["units_total"],
        message=row["message"],
        created_at=row["created_at"],
        beat_at=row["beat_at"],
    )


def unit_to_row(result: UnitResult, *, job_id: JobId) -> Row:
    """A finished unit and the job that did it."""
    return {
        "key": result.key,
        "job_id": job_id,
        "creative_ids": list(result.creative_ids),
        "seconds": result.seconds,
    }


def unit_from_row(row: RowMapping) -> UnitResult:
    """The finished unit of a row."""
    return UnitResult(
        key=row["key"], creative_ids=tuple(row["creative_ids"]), seconds=row["seconds"]
    )


def ad_to_row(ad: Ad, *, campaign: Slug) -> Row:
    """An ad of a campaign."""
    return {
        "id": ad.id,
        "campaign": campaign,
        "creative_id": ad.creative_id,
        "market": ad.cell.market,
        "placement": ad.cell.placement,
        "platform": ad.platform,
        "content_hash": ad.content_hash,
        "variant": ad.variant,
        "attributes": dict(ad.attributes),
        "group": str(ad.group),
    }


def ad_from_row(row: RowMapping) -> Ad:
    """The ad of a row."""
    return Ad(
        id=AdId(row["id"]),
        creative_id=CreativeId(row["creative_id"]),
        cell=Cell(market=Locale(row["market"]), placement=row["placement"]),
        platform=row["platform"],
        content_hash=row["content_hash"],
        variant=row["variant"],
        attributes=row["attributes"],
        group=Group(row["group"]),
    )


def delivery_to_row(delivery: Delivery) -> Row:
    """One ad's day in one cell."""
    return {
        "ad_id": delivery.ad_id,
        "day": delivery.day,
        "market": delivery.cell.market,
        "placement": delivery.cell.placement,
        "impressions": delivery.impressions,
        "clicks": delivery.clicks,
        "conversions": delivery.conversions,
        "currency": delivery.spend.currency,
        "spend_minor": delivery.spend.amount_minor,
        "value_minor": delivery.value.amount_minor if delivery.value else None,
    }


def delivery_from_row(row: RowMapping) -> Delivery:
    """The delivery of a row."""
    currency, value = row["currency"], row["value_minor"]
    return Delivery(
        ad_id=AdId(row["ad_id"]),
        day=row["day"],
        cell=Cell(market=Locale(row["market"]), placement=row["placement"]),
        impressions=row["impressions"],
        clicks=row["clicks"],
        conversions=row["conversions"],
        spend=Money(currency=currency, amount_minor=row["spend_minor"]),
        value=None if value is None else Money(currency=currency, amount_minor=value),
    )


def delivery_report_from_row(row: RowMapping) -> DeliveryReport:
    """The report of a row whose days are known."""
    return DeliveryReport(
        delivery=delivery_from_row(row),
        reported_on=row["reported_on"],
        confirmed_on=row["confirmed_on"],
    )


def plan_to_row(plan: BudgetPlan, *, revision: int) -> Row:
    """One revision of a day's plan."""
    return {
        "campaign": plan.campaign,
        "day": plan.day,
        "revision": revision,
        "moves": MOVES.dump_python(plan.moves, mode="json"),
        "policy": plan.policy,
        "posterior_hash": plan.posterior_hash,
        "inputs_sha256": plan.inputs_sha256,
        "seed": plan.seed,
        "mode": str(plan.mode),
        "ledger": LEDGER.dump_python(
            Ledger.of(plan),
            mode="json",
        ),
    }


def plan_from_row(row: RowMapping) -> BudgetPlan:
    """The plan of a row."""
    return BudgetPlan(
        campaign=Slug(row["campaign"]),
        day=row["day"],
        moves=MOVES.validate_python(row["moves"]),
        policy=row["policy"],
        posterior_hash=row["posterior_hash"],
        inputs_sha256=row["inputs_sha256"],
        seed=row["seed"],
        mode=PlanMode(row["mode"]),
        **LEDGER.validate_python(row["ledger"]).parts(),
    )


def plan_verdict_to_row(verdict: PlanVerdict) -> Row:
    """A decision on a plan; its number is the database's."""
    return {
        "campaign": verdict.campaign,
        "day": verdict.day,
        "plan_sha256": verdict.plan_sha256,
        "decision": str(verdict.decision),
        "person": verdict.person,
        "role": str(verdict.role),
        "note": verdict.note,
        "at": verdict.at,
    }


def plan_verdict_from_row(row: RowMapping) -> PlanVerdict:
    """The decision of a row."""
    return PlanVerdict(
        campaign=Slug(row["campaign"]),
        day=row["day"],
        plan_sha256=row["plan_sha256"],
        decision=PlanDecision(row["decision"]),
        person=row["person"],
        role=Role(row["role"]),
        note=row["note"],
        at=row["at"],
    )


def alarm_answer_to_row(answer: AlarmAnswer) -> Row:
    """An answer to an alarm; its number is the database's."""
    return {
        "campaign": answer.campaign,
        "alarm": ALARM.dump_python(answer.alarm, mode="json"),
        "answer": str(answer.answer),
        "person": answer.person,
        "role": str(answer.role),
        "note": answer.note,
        "at": answer.at,
    }


def alarm_answer_from_row(row: RowMapping) -> AlarmAnswer:
    """The answer of a row."""
    return AlarmAnswer(
        campaign=Slug(row["campaign"]),
        alarm=ALARM.validate_python(row["alarm"]),
        answer=Answer(row["answer"]),
        person=row["person"],
        role=Role(row["role"]),
        note=row["note"],
        at=row["at"],
    )


def user_to_row(user: User) -> Row:
    """An account."""
    return {
        "name": user.name,
        "role": str(user.role),
        "password_hash": user.password_hash,
        "active": user.active,
        "must_change_password": user.must_change_password,
    }


def user_from_row(row: RowMapping) -> User:
    """The account of a row."""
    return User(
        name=row["name"],
        role=Role(row["role"]),
        password_hash=row["password_hash"],
        active=row["active"],
        must_change_password=row["must_change_password"],
    )

"""People decide what may leave the house; a decision holds for exactly what they saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from studio.copywriting.validator import tidied
from studio.domain.brief import Brief
from studio.domain.creative import (
    Copy,
    Creative,
    CreativeId,
    Decision,
    Gloss,
    Status,
    Verdict,
)
from studio.domain.delivery import Cell
from studio.domain.finding import Finding
from studio.domain.person import Person, Right
from studio.errors import InputError
from studio.workflows.finish import Finisher

EDITED = "edit:"
"""Marks the last editor among a copy's sources."""


class ReviewStore(Protocol):
    """The part of `studio.store.repository` that review needs."""

    def brief(self, slug: str) -> Brief: ...
    def creative(self, creative_id: CreativeId) -> Creative: ...
    def creatives(
        self,
        slug: str,
        *,
        status: Status | None = None,
        market: str | None = None,
        placement: str | None = None,
    ) -> tuple[Creative, ...]: ...
    def findings(self, creative_id: CreativeId) -> tuple[Finding, ...]: ...
    def findings_of(self, slug: str) -> Mapping[CreativeId, tuple[Finding, ...]]: ...
    def verdicts(self, creative_id: CreativeId) -> tuple[Verdict, ...]: ...
    def verdicts_of(self, slug: str) -> tuple[Verdict, ...]: ...
    def decide(self, verdict: Verdict, status: Status) -> Creative: ...
    def revise(
        self, creative: Creative, findings: tuple[Finding, ...], *, replacing: str
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What an editor may change of an ad's copy."""

    headline: str
    body: str
    cta: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything a reviewer needs to decide on one creative."""

    creative: Creative
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    claims: tuple[str, ...]
    """The claims that the copy rests on, each with its proof, in words."""

    @property
    def blocked(self) -> bool:
        """Whether approval needs an override with a reason."""
        return any(finding.severity.blocks for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDesk:
    """Where creatives are approved, rejected and edited."""

    store: ReviewStore
    finisher: Finisher
    clock: Callable[[], datetime]

    def cards(
        self,
        slug: str,
        *,
        market: str | None = None,
        placement: str | None = None,
        status: Status | None = None,
    ) -> tuple[Card, ...]:
        """The campaign's creatives with what speaks for and against them."""
        claims = _claims_in_words(self.store.brief(slug))
        findings = self.store.findings_of(slug)
        verdicts: dict[CreativeId, list[Verdict]] = {}
        for verdict in self.store.verdicts_of(slug):
            verdicts.setdefault(verdict.creative_id, []).append(verdict)
        return tuple(
            Card(
                creative=creative,
                findings=findings.get(creative.id, ()),
                verdicts=tuple(verdicts.get(creative.id, ())),
                claims=_sources_in_words(creative, claims),
            )
            for creative in self.store.creatives(
                slug, status=status, market=market, placement=placement
            )
        )

    def approve(
        self, creative_id: CreativeId, *, content_hash: str, person: Person, reason: str = ""
    ) -> Creative:
        """Say yes to exactly the content with that hash.

        A blocking finding needs the right to override and a reason, which is kept.
        """
        person.require(Right.REVIEW)
        blocking = [each for each in self.store.findings(creative_id) if each.severity.blocks]
        if blocking:
            person.require(Right.OVERRIDE)
            if not reason.strip():
                raise InputError(
                    f"{blocking[0].rule} blocks this ad: {blocking[0].message} "
                    "Mend it, or say why it may run all the same."
                )
        return self._decide(
            creative_id, content_hash, person, decision=Decision.APPROVE, reason=reason
        )

    def reject(
        self, creative_id: CreativeId, *, content_hash: str, person: Person, reason: str
    ) -> Creative:
        """Say no, with a reason that helps the next draft."""
        person.require(Right.REVIEW)
        if not reason.strip():
            raise InputError("reason: say why, so that the next draft is better.")
        return self._decide(
            creative_id, content_hash, person, decision=Decision.REJECT, reason=reason
        )

    def undo(self, creative_id: CreativeId, *, person: Person) -> Creative:
        """Take back one's own last decision; the creative waits again."""
        person.require(Right.REVIEW)
        creative = self.store.creative(creative_id)
        verdicts = self.store.verdicts(creative_id)
        last = verdicts[-1] if verdicts else None
        if last is None or last.decision is Decision.REOPEN:
            raise InputError("There is no decision on this creative to take back.")
        if last.reviewer != person.name:
            raise InputError(f"{last.reviewer} decided this; only they can take it back.")
        if creative.status not in (Status.APPROVED, Status.REJECTED):
            raise InputError(f"This creative is {creative.status}; pause it instead.")
        verdict = self._verdict(creative, person, decision=Decision.REOPEN, reason="undo")
        return self.store.decide(verdict, Status.DRAFT)

    def edit(
        self,
        creative_id: CreativeId,
        *,
        content_hash: str,
        words: Words,
        person: Person,
    ) -> Creative:
        """Other words on the same picture: set anew, checked anew, and waiting for review.

        content_hash: of the content that the editor saw. What was changed loses its gloss.
        """
        person.require(Right.EDIT_COPY)
        before = self._seen(creative_id, content_hash)
        brief = self.store.brief(before.campaign)
        copy = _edited(before.copy, words, by=person.name)
        rendition = self.finisher.render(
            brief,
            cell=Cell(market=before.market, placement=before.placement),
            copy=copy,
            picture=before.picture,
            seed=before.seed,
            layout=before.rendition.layout,
        )
        attributes = self.finisher.attributes(
            market=before.market, copy=copy, picture=before.picture, layout=rendition.layout
        )
        after = before.revised(copy=copy, rendition=rendition, attributes=attributes)
        findings = self.finisher.findings(brief, after)
        self.store.revise(after, findings, replacing=before.content_hash)
        return after

    def approve_clean(self, slug: str, seen: Mapping[str, str], person: Person) -> int:
        """Approve those waiting creatives that were seen and have no finding at all.

        seen: content hash by creative id, as the reviewer saw it.
        """
        person.require(Right.REVIEW)
        findings = self.store.findings_of(slug)
        clean = [
            creative
            for creative in self.store.creatives(slug, status=Status.DRAFT)
            if not findings.get(creative.id) and seen.get(creative.id) == creative.content_hash
        ]
        for creative in clean:
            self.approve(creative.id, content_hash=creative.content_hash, person=person)
        return len(clean)

    def _decide(
        self,
        creative_id: CreativeId,
        content_hash: str,
        person: Person,
        *,
        decision: Decision,
        reason: str,
    ) -> Creative:
        creative = self._seen(creative_id, content_hash)
        status = {Decision.APPROVE: Status.APPROVED, Decision.REJECT: Status.REJECTED}[decision]
        creative.moved_to(status)
        verdict = self._verdict(creative, person, decision=decision, reason=reason.strip())
        return self.store.decide(verdict, status)

    def _seen(self, creative_id: CreativeId, content_hash: str) -> Creative:
        creative = self.store.creative(creative_id)
        if creative.content_hash != content_hash:
            raise InputError("This ad was changed since you opened it; look at it again.")
        return creative

    def _verdict(
        self, creative: Creative, person: Person, *, decision: Decision, reason: str
    ) -> Verdict:
        return Verdict(
            creative_id=creative.id,
            content_hash=creative.content_hash,
            decision=decision,
            reviewer=person.name,
            role=person.role,
            reason=reason,
            at=self.clock(),
        )


def _edited(before: Copy, words: Words, *, by: str) -> Copy:
    """The copy with other words; a gloss of the words before would mislead a reviewer."""
    copy = tidied(
        replace(
            before,
            headline=words.headline,
            body=words.body,
            cta=words.cta,
            description=words.description,
        )
    )
    if copy == before:
        raise InputError("Nothing was changed.")
    glosses = {}
    for field in ("headline", "body", "cta", "description"):
        if not getattr(copy, field) and field != "description":
            raise InputError(f"{field}: write some words; an ad can't be without.")
        kept = getattr(copy, field) == getattr(before, field)
        glosses[field] = getattr(before.gloss, field) if kept else ""
    earlier = tuple(each for each in copy.sources if not each.startswith(EDITED))
    return replace(copy, gloss=Gloss(**glosses), sources=(*earlier, f"{EDITED}{by}"))


def _claims_in_words(brief: Brief) -> dict[str, str]:
    words = {}
    for claim in brief.claims:
        fact = claim.text or claim.benefit.replace("_", " ")
        value = f": {claim.value:g} {claim.unit}".rstrip() if claim.value is not None else ""
        proof = claim.evidence.document if claim.evidence else "no proof attached"
        words[claim.id] = f"{fact}{value} — {proof}"
    return words


def _sources_in_words(creative: Creative, claims: Mapping[str, str]) -> tuple[str, ...]:
    used = [each.removeprefix("claim:") for each in creative.copy.sources]
    return tuple(claims[name] for name in used if name in claims)

"""Any value of the domain, as far as the domain allows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from studio.domain.alarm import Alarm, AlarmAnswer, AlarmKind, Answer
from studio.domain.brief import (
    Brand,
    Brief,
    Budget,
    Channel,
    Instalments,
    Offer,
    Photo,
    Product,
    Slug,
    Voice,
)
from studio.domain.budget import (
    BudgetPlan,
    CellMove,
    HoldoutBudget,
    Limit,
    Move,
    PlanDecision,
    PlanMode,
    PlanVerdict,
)
from studio.domain.claim import Claim, Evidence
from studio.domain.creative import (
    Ai,
    Copy,
    Creative,
    CreativeId,
    Decision,
    Figure,
    Film,
    Gloss,
    Picture,
    ProductPixels,
    Rendition,
    Role,
    Status,
    Verdict,
)
from studio.domain.delivery import AdId, Cell
from studio.domain.geometry import Box
from studio.domain.market import Locale
from studio.domain.money import Money

build = st.builds
text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
texts = st.lists(text, max_size=3).map(tuple)
numbers = st.floats(allow_nan=False, allow_infinity=False)
seeds = st.integers(0, 2**63 - 1)
sizes = st.integers(1, 2**31 - 1)
measures = st.floats(0, 500)
days = st.dates()
times = st.integers(0, 2**32 * 10**6).map(
    lambda microseconds: datetime(1970, 1, 2, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
locales = st.sampled_from(["en-US", "de-DE", "ja-JP", "ar-SA"]).map(Locale)
money = build(Money, currency=st.sampled_from(["EUR", "JPY", "KWD"]), amount_minor=seeds)
euros = build(Money, currency=st.just("EUR"), amount_minor=seeds)
cells = build(Cell, market=locales, placement=text)

evidence = build(
    Evidence, document=text, issued=st.none() | days, expires=st.none() | days, scope=text
)
claims = build(
    Claim,
    id=text,
    benefit=text.filter(bool),
    value=st.none() | numbers,
    unit=text,
    evidence=st.none() | evidence,
    language=text,
)
instalments = build(
    Instalments, count=sizes, each=euros, interest_free=st.booleans(), terms=text
)
offers = build(
    Offer,
    market=locales,
    price=euros,
    was=st.none() | euros,
    was_proof=text,
    lowest_7d=st.none() | euros,
    lowest_10d=st.none() | euros,
    lowest_20d=st.none() | euros,
    lowest_30d=st.none() | euros,
    weeks_sold_share=st.none() | numbers,
    starts=st.none() | days,
    ends=st.none() | days,
    stock=st.none() | sizes,
    instalments=st.none() | instalments,
    landing_url=text,
)


def briefs() -> st.SearchStrategy[Brief]:
    """Any brief."""
    photos = st.lists(build(Photo, path=text, light_from=text), max_size=2).map(tuple)
    return st.builds(
        Brief,
        slug=st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True).map(Slug),
        title=text,
        language=text,
        product=build(
            Product,
            name=text,
            category=text,
            photos=photos,
            width_cm=numbers,
            height_cm=numbers,
            tx_mw=st.none() | numbers,
            body_cm=st.none() | numbers,
            energy_class=text,
            food_contact=st.booleans(),
            has_camera=st.booleans(),
        ),
        claims=st.lists(claims, max_size=2).map(tuple),
        offers=st.lists(offers, max_size=2).map(tuple),
        markets=st.lists(locales, max_size=3).map(tuple),
        placements=texts,
        budget=build(
            Budget,
            daily=money,
            days=sizes,
            floor_share=numbers,
            max_daily_change_share=numbers,
        ),
        brand=build(
            Brand,
            name=text,
            logo=text,
            colours=texts,
            voice=st.sampled_from(Voice),
            words_to_use=texts,
            words_to_avoid=texts,
        ),
        launch=days,
        variants_per_market=sizes,
        seed=seeds,
        channel=st.sampled_from(Channel),
        approvals=st.dictionaries(text, text, max_size=2),
    )


def creatives() -> st.SearchStrategy[Creative]:
    """Any creative of the campaign `rice`."""
    box = st.tuples(numbers, numbers, numbers, numbers).filter(
        lambda edges: edges[0] < edges[2] and edges[1] < edges[3]
    )
    return st.builds(
        Creative,
        id=hashes.map(CreativeId),
        campaign=st.just(Slug("rice")),
        market=locales,
        placement=text,
        variant=text,
        copy=build(
            Copy,
            headline=text,
            body=text,
            cta=text,
            cta_action=text,
            offer_line=text,
            legal_line=text,
            gloss=build(Gloss, headline=text, body=text, cta=text),
            angle=text,
            rationale=text,
            sources=texts,
        ),
        picture=build(
            Picture,
            sha256=hashes,
            width_px=sizes,
            height_px=sizes,
            set=text,
            palette=text,
            seed=seeds,
            model=text,
            product_box=box.map(
                lambda edges: Box(left=edges[0], top=edges[1], right=edges[2], bottom=edges[3])
            ),
            prompt_sha256=text,
            ai=st.sampled_from(Ai),
            photoreal=st.booleans(),
            person=st.sampled_from(Figure),
            product_pixels=st.sampled_from(ProductPixels),
            tags=texts,
        ),
        rendition=build(
            Rendition,
            sha256=hashes,
            width_px=sizes,
            height_px=sizes,
            layout=text,
            media_type=text,
            size_bytes=sizes,
            marks=texts,
            smallest_px=measures,
            note_px=measures,
            body_px=measures,
            least_contrast=measures,
        ),
        attributes=st.dictionaries(text, text, max_size=4),
        seed=seeds,
        text_model=text,
        prompt_sha256=text,
        landing_url=text,
        film=st.none()
        | build(
            Film,
            sha256=hashes,
            width_px=sizes,
            height_px=sizes,
            seconds=measures,
            fps=sizes,
            size_bytes=sizes,
            srt_sha256=hashes,
            vtt_sha256=hashes,
            move=text,
            inputs_sha256=hashes,
        ),
        status=st.sampled_from(Status),
    )


def verdicts() -> st.SearchStrategy[Verdict]:
    """Any verdict."""
    return st.builds(
        Verdict,
        creative_id=hashes.map(CreativeId),
        content_hash=hashes,
        decision=st.sampled_from(Decision),
        reviewer=text,
        role=st.sampled_from(Role),
        reason=text,
        at=times,
    )


def moves() -> st.SearchStrategy[Move]:
    """Any move of a plan."""
    return st.builds(
        Move,
        ad_id=text.map(AdId),
        cell=cells,
        share_before=numbers,
        share_after=numbers,
        budget_after=money,
        impressions=seeds,
        clicks=seeds,
        ctr_mean=numbers,
        ctr_low=numbers,
        ctr_high=numbers,
        best_probability=numbers,
        expected_gain=numbers,
        limit=st.sampled_from(Limit),
        reason=text,
        gain_low=numbers,
        gain_high=numbers,
        logit_mean=numbers,
        logit_sd=numbers,
        even_share=numbers,
        limits=st.lists(st.sampled_from(Limit), max_size=3).map(tuple),
        context=st.dictionaries(text, text, max_size=3),
    )


def cell_moves() -> st.SearchStrategy[CellMove]:
    """Any cell's money."""
    return st.builds(
        CellMove,
        cell=cells,
        budget_before=st.none() | money,
        budget_after=money,
        expected_gain=numbers,
        gain_low=numbers,
        gain_high=numbers,
        limits=st.lists(st.sampled_from(Limit), max_size=3).map(tuple),
        reason=text,
    )


def alarms() -> st.SearchStrategy[Alarm]:
    """Any question."""
    return st.builds(
        Alarm,
        kind=st.sampled_from(AlarmKind),
        day=days,
        cell=cells,
        ad_id=st.none() | text.map(AdId),
        question=text,
    )


def alarm_answers(campaign: Slug) -> st.SearchStrategy[AlarmAnswer]:
    """Any answer to a question of a campaign."""
    return st.builds(
        AlarmAnswer,
        campaign=st.just(campaign),
        alarm=alarms(),
        answer=st.sampled_from(Answer),
        person=text,
        role=st.sampled_from(Role),
        note=text,
        at=times,
    )


def plan_verdicts(plan: BudgetPlan) -> st.SearchStrategy[PlanVerdict]:
    """Any decision on a plan."""
    return st.builds(
        PlanVerdict,
        campaign=st.just(plan.campaign),
        day=st.just(plan.day),
        plan_sha256=st.just(plan.sha256),
        decision=st.sampled_from(PlanDecision),
        person=text,
        role=st.sampled_from(Role),
        note=text,
        at=times,
    )


def plans(campaign: Slug) -> st.SearchStrategy[BudgetPlan]:
    """Any plan of a campaign."""
    return st.builds(
        BudgetPlan,
        campaign=st.just(campaign),
        day=days,
        moves=st.lists(moves(), max_size=3).map(tuple),
        policy=text,
        posterior_hash=hashes,
        inputs_sha256=hashes,
        seed=seeds,
        mode=st.sampled_from(PlanMode),
        cells=st.lists(cell_moves(), max_size=2).map(tuple),
        holdout=st.lists(
            st.builds(HoldoutBudget, ad_id=text.map(AdId), cell=cells, budget=money), max_size=2
        ).map(tuple),
        model_hash=hashes,
        data_hash=hashes,
        previous_sha256=hashes,
        obstacles=texts,
        alarms=st.lists(alarms(), max_size=2).map(tuple),
        undoes=hashes,
        total=st.none() | money,
    )


def delivery_counts() -> st.SearchStrategy[tuple[str, int, int, int]]:
    """Ad `a` or `b`, a day's number, impressions, and clicks that may exceed them."""
    return st.tuples(
        st.sampled_from("ab"), st.integers(0, 3), st.integers(0, 9), st.integers(0, 9)
    )

"""Which ads a condition is for."""

from __future__ import annotations

from studio.compliance import reductions
from studio.compliance.case import Case
from studio.compliance.ground import Ground
from studio.domain.brief import Channel
from studio.domain.creative import Ai, Figure
from studio.markets.rules import Condition, When

CHANNELS = {
    When.PAID: Channel.PAID,
    When.INFLUENCER: Channel.INFLUENCER,
    When.LIVESTREAM: Channel.LIVESTREAM,
}
MADE = (Figure.SYNTHETIC, Figure.REPLICA)


def may_apply(condition: Condition, ground: Ground) -> bool:
    """Whether a creative of this brief and market may be of that sort."""
    brief, when = ground.brief, condition.when
    if condition.in_force > brief.launch.isoformat():
        return False
    if when in CHANNELS:
        return brief.channel is CHANNELS[when]
    if when is When.INSTALMENTS:
        return ground.offer is not None and ground.offer.instalments is not None
    return True


def is_for_all(condition: Condition) -> bool:
    """Whether a condition that may apply does so whatever the creative is."""
    return condition.when is When.ALWAYS or condition.when in CHANNELS


def applies(condition: Condition, case: Case) -> bool:
    """Whether the case is of the sort, of which its brief and market may have some."""
    when, picture = condition.when, case.creative.picture
    if is_for_all(condition):
        return True
    if when is When.REDUCED:
        return reductions.announced(case, condition.words) is not None
    if when is When.INSTALMENTS:
        return bool(case.texts["offer_line"])
    painted, made = picture.ai is not Ai.NONE, picture.person in MADE
    if when is When.ANY:
        return painted or made
    if when is When.PHOTOREAL:
        return painted and picture.photoreal
    if when is When.PERSON:
        return made or (painted and picture.person is not Figure.NONE)
    return made

"""Which ads a condition is for."""

from __future__ import annotations

from studio.compliance import reductions
from studio.compliance.case import Case
from studio.domain.brief import Channel
from studio.domain.creative import Ai, Figure
from studio.markets.rules import Condition, When

CHANNELS = {
    When.PAID: Channel.PAID,
    When.INFLUENCER: Channel.INFLUENCER,
    When.LIVESTREAM: Channel.LIVESTREAM,
}
MADE = (Figure.SYNTHETIC, Figure.REPLICA)


def applies(condition: Condition, case: Case) -> bool:
    """Whether the case is of the sort that the condition speaks of."""
    when, picture = condition.when, case.creative.picture
    if when is When.ALWAYS:
        return True
    if when in CHANNELS:
        return case.brief.channel is CHANNELS[when]
    if when is When.REDUCED:
        return reductions.announced(case, condition.words) is not None
    if when is When.INSTALMENTS:
        offered = case.offer is not None and case.offer.instalments is not None
        return offered and bool(case.texts["offer_line"])
    painted = picture.ai is not Ai.NONE
    return {
        When.ANY: painted or picture.person in MADE,
        When.PHOTOREAL: painted and picture.photoreal,
        When.PERSON: picture.person in MADE or (painted and picture.person is not Figure.NONE),
        When.SYNTHETIC_PERSON: picture.person in MADE,
    }[when]

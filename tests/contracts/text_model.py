"""What every text model must do, asked through the writer as the studio does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio.copywriting.model import CopyRequest, TextModel
from studio.copywriting.validator import faults
from studio.copywriting.writer import write_copy
from studio.errors import StudioError
from studio.markets.facts import facts_of
from studio.markets.library import MarketLibrary
from tests.markets.demo import LOCALES, a_placement, demo_brief


def a_request(locale: str = "en-US", **overrides: Any) -> CopyRequest:
    """A request for the demo product."""
    fields: dict[str, Any] = {
        "brief": demo_brief(),
        "pack": MarketLibrary().pack(locale),
        "placements": (a_placement(),),
        "angle": "value",
        "variant": "v1",
        "seed": 7,
    }
    return CopyRequest(**(fields | overrides))


class TextModelContract:
    """Inherit, and return the model from `model`."""

    @pytest.fixture
    def model(self) -> TextModel:
        raise NotImplementedError

    @pytest.mark.parametrize("locale", LOCALES)
    def test_copy_is_free_of_faults_in_every_market(
        self, model: TextModel, locale: str
    ) -> None:
        request = a_request(locale)
        copy = write_copy(model, request)
        assert faults(copy, request) == ()
        assert copy.angle == request.angle
        assert copy.cta in {button.text for button in request.pack.calls_to_action}

    @pytest.mark.parametrize("locale", LOCALES)
    def test_every_copy_can_be_read_by_a_reviewer_without_the_language(
        self, model: TextModel, locale: str
    ) -> None:
        copy = write_copy(model, a_request(locale))
        assert copy.gloss.headline.isascii() or "’" in copy.gloss.headline
        assert copy.gloss.body
        assert copy.gloss.cta
        assert copy.rationale

    def test_claims_that_are_cited_are_proven_ones(self, model: TextModel) -> None:
        request = a_request()
        proven = {f"claim:{f.claim.id}" for f in facts_of(request.brief, request.pack).usable}
        cited = {text for text in write_copy(model, request).sources if text[:6] == "claim:"}
        assert cited <= proven

    def test_without_an_offer_there_is_no_price(self, model: TextModel) -> None:
        copy = write_copy(model, a_request(brief=demo_brief(offers=())))
        assert copy.offer_line == ""
        assert copy.cta_action != "GET_OFFER"

    def test_an_unknown_angle_is_a_studio_error(self, model: TextModel) -> None:
        with pytest.raises(StudioError, match="no angle"):
            write_copy(model, a_request(angle="astrology"))

    def test_equal_requests_have_equal_fingerprints(self, model: TextModel) -> None:
        request = a_request()
        assert model.fingerprint(request) == model.fingerprint(replace(request, seed=8))
        other = replace(request, angle="craft")
        assert model.fingerprint(request) != model.fingerprint(other)

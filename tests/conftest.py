"""What every test shares: no hub, no usage reports, no clock, settings from the test alone."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.contracts.repository")
settings.register_profile("studio", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("studio")
os.environ.update(
    HF_HUB_OFFLINE="1", GRADIO_ANALYTICS_ENABLED="False", TOKENIZERS_PARALLELISM="false"
)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment variables of the machine don't reach the tests."""
    for name in list(os.environ):
        if name.startswith("STUDIO_") and name != "STUDIO_CHROMIUM":
            monkeypatch.delenv(name)

"""`studio models` shows what each preset costs and allows."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from studio.cli import app
from studio.errors import InputError
from studio.imaging.diffusion_presets import presets

RUN = CliRunner(env={"COLUMNS": "200"})


def test_the_list_has_every_preset_with_its_licence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.model_commands.out.width", 200, raising=False)
    shown = RUN.invoke(app, ["models", "list"]).output
    for name in presets():
        assert name in shown
    for words in ("Apache-2.0", "with conditions", "code, random weights", "42 GB"):
        assert words in shown


def test_one_preset_is_shown_with_its_source() -> None:
    shown = " ".join(RUN.invoke(app, ["models", "show", "flux-1-dev"]).output.split())
    assert "advertising: no" in shown
    assert "Shakker-Labs/FLUX.1-dev-ControlNet-Depth" in shown
    assert "STUDIO_IMAGE_MODEL=diffusion:flux-1-dev" in shown


def test_an_unknown_preset_is_named() -> None:
    result = RUN.invoke(app, ["models", "show", "moon"])
    assert isinstance(result.exception, InputError)
    assert "choose one of flux-2-klein-4b" in str(result.exception)

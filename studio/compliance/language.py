"""Language, script, form of address, regional words and the brand's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from studio.compliance.case import FIELDS, WORDS, Case, Hit
from studio.compliance.identification import foreign_to, plainly_own, wrong_characters
from studio.compliance.patterns import trimmed
from studio.markets.rules import Condition
from studio.markets.wording import SCRIPTS, normalised, script_share

OWN_SCRIPT_SHARE = 0.5
"""Least share (0–1) of letters in the market's script, names aside."""
FREE_WORDS = re.compile(
    r"(?<![a-z0-9])(?:apps?|ok|pc|tv|wlan|wi-?fi|bluetooth|usb(?:-c)?|led|oled|ai|ki|ia|hepa|anc|eq|gps|nfc"
    r"|ip[x\d]+|smart home|online|shop|alexa|google home|siri|android|ios|iphone|hi-?fi|hi-?res"
    r"|db|kwh|wh|mah|rpm)(?![a-z0-9])"
    r"|https?://\S+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?",
    re.IGNORECASE,
)
"""Words that every market's ads use as they are, and addresses."""
KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]{2,}")
LATIN_RUN = re.compile(r"[A-Za-zÀ-ɏ’']+(?:[ ,]+[A-Za-zÀ-ɏ’']+){3,}")
"""Four words in Latin letters: a sentence, not a name."""
SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
SHORTEST_SENTENCE = 24
"""Letters from which a sentence of a longer text is judged by itself."""
ALPHABETS = {
    "de": "äöüßéèàêç", "es": "áéíóúüñç", "fr": "àâæçéèêëîïôœùûüÿ", "id": "éè",
    "it": "àèéìíîòóùúç", "pl": "ąćęłńóśźżéü", "pt": "áâãàçéêíóôõúü", "tr": "çğıöşüâîûi̇",
    "en": "éèêàçïñöü",
}  # fmt: skip
"""Letters beyond a to z that a language's own words and its common loans have."""
NOT_ARABIC = "پچژگڤ"
FEWEST_STRANGE = 3
"""So many letters that the language doesn't have make a text another language's."""
STRANGE_LETTERS = {
    **{
        language: re.compile(f"(?![a-z{letters}])[a-zà-ɏḀ-ỹ]", re.IGNORECASE)
        for language, letters in ALPHABETS.items()
    },
    "ar": re.compile(f"[{NOT_ARABIC}یک]"),
}
ALL_SCRIPTS = "".join(SCRIPTS.values())
WRONG_VARIANT = {"Hans": "traditional", "Hant": "simplified", "Jpan": "simplified"}
"""Chinese characters that don't belong in a market's script."""


def language(case: Case, condition: Condition) -> Iterator[Hit]:
    """A field, or a sentence of it, is in another language than the market's."""
    del condition
    market = case.pack.market
    for field in WORDS:
        text = _judged(case, field)
        if not text.strip():
            continue
        if script_share(text, script=market.script) < OWN_SCRIPT_SHARE:
            yield Hit("", field, 0, len(text))
            continue
        strange = other_script(market.script).search(text)
        if strange:
            yield Hit("", field, *strange.span())
            continue
        letters = STRANGE_LETTERS.get(market.language)
        odd = letters.findall(case.creative_text(field)) if letters else ()
        if len(odd) >= FEWEST_STRANGE:
            yield Hit("", field, 0, len(text))
            continue
        if market.script == "Latn" and plainly_own(market.language, case.texts[field]):
            continue
        found = _foreign_part(text, script=market.script, own=market.language)
        if found:
            yield Hit("", field, *found)


@lru_cache(maxsize=16)
def other_script(own: str) -> re.Pattern[str]:
    """Two letters in a row of a script that is neither the market's nor Latin."""
    mine = SCRIPTS.get(own, "") + SCRIPTS["Latn"]
    return re.compile(f"(?:(?![{mine}])[{ALL_SCRIPTS}]){{2,}}")


def register_mix(case: Case, condition: Condition) -> Iterator[Hit]:
    """Two forms of address stand in one creative."""
    del condition
    found = []
    for form in case.pack.register_forms:
        if case.candidates.isdisjoint(form.patterns):
            continue
        for field in WORDS:
            place = case.first_place(form.patterns, case.texts[field])
            if place:
                found.append((form.name, field, place))
                break
    if len(found) > 1:
        quotes = [
            f"{name}: {case.texts[field][start:end]}" for name, field, (start, end) in found
        ]
        _, field, place = found[-1]
        yield Hit(" · ".join(quotes), field, *place)


def regional_word(case: Case, condition: Condition) -> Iterator[Hit]:
    """A word of another region; the fix says what people say here."""
    del condition
    for word in case.pack.regional_words:
        if word.wrong not in case.candidates:
            continue
        for regex in case.searching((word.wrong,)):
            for field in FIELDS:
                yield from _regional(case, field, regex, word.right)


def _regional(case: Case, field: str, regex: re.Pattern[str], right: str) -> Iterator[Hit]:
    text = case.texts[field]
    for match in regex.finditer(text):
        start, end = trimmed(match)
        if start < end and not case.is_name(field, start, end):
            yield Hit("", field, start, end, fix=f"{text[start:end]} → {right}")


def wrong_script_variant(case: Case, condition: Condition) -> Iterator[Hit]:
    """Characters of the other Chinese script."""
    script = case.pack.market.script
    variant = WRONG_VARIANT.get(script, condition.variant)
    if not variant:
        return
    wrong = wrong_characters(variant, script=script)
    for field in FIELDS:
        for match in wrong.finditer(case.nameless(field)):
            yield Hit("", field, *match.span())


def avoided_word(case: Case, condition: Condition) -> Iterator[Hit]:
    """A word that the brand avoids stands in a field."""
    del condition
    for word in case.brief.brand.words_to_avoid:
        wanted = re.escape(normalised(word))
        if not wanted:
            continue
        for field in WORDS:
            match = re.search(wanted, case.texts[field], re.IGNORECASE)
            if match:
                yield Hit("", field, *match.span())


def _judged(case: Case, field: str) -> str:
    """A field without names and words that belong to every language; places stay."""
    return FREE_WORDS.sub(lambda match: " " * len(match.group()), case.nameless(field))


def _foreign_part(text: str, *, script: str, own: str) -> tuple[int, int] | None:
    if script != "Latn":
        match = KANA.search(text) if own == "zh" else None
        match = match or LATIN_RUN.search(text)
        return match.span() if match else None
    if foreign_to(own, text):
        return 0, len(text)
    sentences = list(SENTENCE.finditer(text))
    if len(sentences) < 2:
        return None
    for sentence in sentences:
        long = sum(map(str.isalpha, sentence.group())) >= SHORTEST_SENTENCE
        if long and foreign_to(own, sentence.group().strip()):
            return trimmed(sentence)
    return None

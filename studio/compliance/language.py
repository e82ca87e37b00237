"""Language, script, form of address, regional words and the brand's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from studio.compliance.atoms import folded
from studio.compliance.case import FIELDS, WORDS, Case, Hit
from studio.compliance.ground import Ground
from studio.compliance.identification import foreign_to, plainly_own, wrong_characters
from studio.compliance.patterns import Span, first_place, trimmed
from studio.compliance.rulebook import Rulebook
from studio.domain.market import Market
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
FREE_BEGINNINGS = frozenset({
    "app", "apps", "ok", "pc", "tv", "wlan", "wi", "wifi", "bluetooth", "usb", "led", "oled",
    "ai", "ki", "ia", "hepa", "anc", "eq", "gps", "nfc", "smart", "online", "shop", "alexa",
    "google", "siri", "android", "ios", "iphone", "hi", "hifi", "hires", "db", "kwh", "wh",
    "mah", "rpm",
})  # fmt: skip
"""The first letters and digits in a row of each of them."""
FREE_SERIES = "ip"
"""With these letters `IPX4` begins."""
ADDRESS_HINT = re.compile(r"[\w-]\.[\w-]|://")
RUN = re.compile("[a-z0-9]+")
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
SIGNS = (
    r"\x00-&(-@\[-`{-\x7f\u00a0-\u00a9\u00ab-\u00b1\u00b7\u00bb\u00bf\u2010-\u2018\u201a-\u2027"
    r"\u2030-\u205e\u20a0-\u20bf\u3000-\u3002\u3008-\u3011\uff01-\uff0f\uff1a-\uff20"
)
"""Digits and the commonest marks, which are no letters of any script."""
ALL_SCRIPTS = "".join(SCRIPTS.values())
WRONG_VARIANT = {"Hans": "traditional", "Hant": "simplified", "Jpan": "simplified"}
"""Chinese characters that don't belong in a market's script."""


def language(case: Case, condition: Condition) -> Iterator[Hit]:
    """A field, or a sentence of it, is in another language than the market's."""
    del condition
    for field in WORDS:
        found = _strange_part(getattr(case.creative.copy, field), case.ground)
        if found:
            yield Hit("", field, *found)


@lru_cache(maxsize=16384)
def _strange_part(text: str, ground: Ground) -> Span | None:
    """The part of a field that is in another language, in its normal form."""
    market = ground.pack.market
    shown = normalised(text)
    nameless = ground.nameless(shown)
    letters = None if text.isascii() else strange_letters(market.language)
    odd = len(letters.findall(ground.without_names(text))) if letters else 0
    if odd < FEWEST_STRANGE and _plainly_own(shown, nameless, market):
        return None
    judged = _without_free_words(nameless)
    if not judged.strip():
        return None
    if script_share(judged, script=market.script) < OWN_SCRIPT_SHARE:
        return 0, len(judged)
    strange = other_script(market.script).search(judged)
    if strange:
        return strange.span()
    if odd >= FEWEST_STRANGE:
        return 0, len(judged)
    if market.script == "Latn" and plainly_own(market.language, shown):
        return None
    return _foreign_part(judged, script=market.script, own=market.language)


def _plainly_own(shown: str, nameless: str, market: Market) -> bool:
    """Whether a glance tells that a text is in the market's language, as it mostly is."""
    if no_letter_of(market.script).search(nameless):
        return False
    return market.script != "Latn" or plainly_own(market.language, shown)


def _without_free_words(text: str) -> str:
    """A text with spaces for the words that every market uses; most texts have none."""
    runs = RUN.findall(folded(text))
    series = any(run.startswith(FREE_SERIES) for run in runs)
    if FREE_BEGINNINGS.isdisjoint(runs) and not series and not ADDRESS_HINT.search(text):
        return text
    return FREE_WORDS.sub(lambda match: " " * len(match.group()), text)


@lru_cache(maxsize=32)
def strange_letters(language: str) -> re.Pattern[str] | None:
    """The letters, none of them ASCII, that a language doesn't have: listed, to be fast."""
    pattern = STRANGE_LETTERS.get(language)
    if pattern is None:
        return None
    every = "".join(map(chr, (*range(0x80, 0xD800), *range(0xE000, 0x10000))))
    return re.compile(f"[{''.join(pattern.findall(every))}]")


@lru_cache(maxsize=16)
def no_letter_of(own: str) -> re.Pattern[str]:
    """What may be a letter of another script. Apostrophes stand in Latin words only."""
    apostrophes = "'’" if own == "Latn" else ""
    return re.compile(f"[^{SCRIPTS.get(own, SCRIPTS['Latn'])}{SIGNS}{apostrophes}]")


@lru_cache(maxsize=16)
def other_script(own: str) -> re.Pattern[str]:
    """Two letters in a row of a script that is neither the market's nor Latin."""
    mine = SCRIPTS.get(own, "") + SCRIPTS["Latn"]
    return re.compile(f"(?:(?![{mine}])[{ALL_SCRIPTS}]){{2,}}")


def register_mix(case: Case, condition: Condition) -> Iterator[Hit]:
    """Two forms of address stand in one creative."""
    del condition
    forms = [_form_places(case.book, case.texts[field]) for field in WORDS]
    if not any(forms):
        return
    found = []
    for index, form in enumerate(case.pack.register_forms):
        for field, places in zip(WORDS, forms, strict=True):
            if index in places:
                found.append((form.name, field, places[index]))
                break
    if len(found) > 1:
        quotes = [
            f"{name}: {case.texts[field][start:end]}" for name, field, (start, end) in found
        ]
        _, field, place = found[-1]
        yield Hit(" · ".join(quotes), field, *place)


@lru_cache(maxsize=16384)
def _form_places(book: Rulebook, text: str) -> Mapping[int, Span]:
    """Where each form of address, by its place in the pack, first stands in a normal form."""
    likely = book.sieve.may_match(text)
    found = {}
    for index, form in enumerate(book.forms):
        places = (first_place(each, text) for each in form.patterns if each in likely)
        place = next(filter(None, places), None)
        if place:
            found[index] = place
    return found


def regional_word(case: Case, condition: Condition) -> Iterator[Hit]:
    """A word of another region; the fix says what people say here."""
    del condition
    if case.candidates.isdisjoint(case.book.regional):
        return
    for word in case.pack.regional_words:
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
        for match in wrong.finditer(case.ground.nameless(case.texts[field])):
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


def _foreign_part(text: str, *, script: str, own: str) -> Span | None:
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

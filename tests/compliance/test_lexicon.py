"""Words that a law or custom forbids are found, through tricks too; sound words are not."""

from __future__ import annotations

import pytest

from studio.domain.finding import Severity
from tests.compliance.cases import findings, rules

PLANTED = [
    ("en-US", "The #1 cooker in America", "US-09"),
    ("en-US", "World’s first talking pot", "US-09"),
    ("en-US", "The b\u200best pot around", "US-09W"),
    ("en-US", "Made in the USA with love", "US-01"),
    ("en-US", "Your eco-friendly kitchen", "US-04"),
    ("en-US", "Just $9.99/mo", "US-07"),
    ("en-US", "Free shipping on all pots", "G-08"),
    ("en-US", "Helps with weight loss", "G-09"),
    ("en-US", "AI-powered rice", "G-20"),
    ("en-US", "Last chance: hurry", "G-07"),
    ("en-US", "Hello {name}", "G-17"),
    ("en-US", "★★★★★ by everyone", "G-02A"),
    ("en-US", "Experts recommend it", "G-03A"),
    ("en-US", "Beats any Zojirushi", "G-18A"),
    ("de-DE", "Der beste Reiskocher", "DE-03"),
    ("de-DE", "Die Nummer eins am Herd", "DE-03"),
    ("de-DE", "Vom TÜV geprüft", "DE-02"),
    ("de-DE", "Nachhaltig kochen", "EU-03"),
    ("de-DE", "Klimaneutral geliefert", "EU-04"),
    ("de-DE", "Hält ein Leben lang", "EU-06"),
    ("de-DE", "Gratis dazu: ein Löffel", "G-08"),
    ("de-DE", "Gesund kochen", "G-09"),
    ("de-DE", "KI-gestützter Reis", "G-20"),
    ("de-DE", "Jetzt mit Ratenzahlung", "G-21"),
    ("de-DE", "Von Experten empfohlen", "DE-R1"),
    ("de-DE", "Nur noch heute im Angebot", "G-07"),
    ("ja-JP", "業 界 初の炊飯器", "JP-01"),
    ("ja-JP", "Ｎｏ．１の炊飯器", "JP-01"),
    ("ja-JP", "最高の炊き上がり", "JP-01"),
    ("ja-JP", "１００％おいしい炊飯", "JP-01"),
    ("ja-JP", "糖質カットでおいしく", "JP-05"),
    ("ja-JP", "専門家もおすすめの味", "JP-R1"),
    ("ja-JP", "送料無料でお届け", "G-08"),
    ("ja-JP", "AI搭載の炊飯器", "G-20"),
    ("ja-JP", "今だけの特別なごはん", "G-07"),
    ("ja-JP", "あなたの炊飯器", "JP-R2"),
    ("ja-JP", "激安の炊飯器です", "JP-R3"),
    ("ar-SA", "أفضل طباخة في السوق", "SA-06"),
    ("ar-SA", "أرز مضـــمون كل يوم", "SA-06"),
    ("ar-SA", "رقم ١ في البيت", "SA-06"),
    ("ar-SA", "خصم كبير اليوم", "SA-04W"),
    ("ar-SA", "توصيل مجّانًا للبيت", "G-08"),
    ("ar-SA", "طبق صحي لكل يوم", "G-09"),
    ("ar-SA", "بالتقسيط مع تابي", "G-21"),
    ("ar-SA", "لفترة محدودة جدا", "G-07"),
    ("ar-SA", "أوصى به الأطباء", "SA-R1"),
]

CLEAN = [
    ("en-US", "Best before the game: rice"),
    ("en-US", "Hands-free dinner"),
    ("en-US", "Your stove stays free"),
    ("en-US", "100% charge, zero waiting"),
    ("de-DE", "Teste dein Gespür für Reis"),
    ("de-DE", "Ein Geschenk, das bleibt"),
    ("de-DE", "Beste Grüße aus der Küche"),
    ("de-DE", "Grün blinkt: fertig"),
    ("ja-JP", "お求めやすい炊飯器"),
    ("ja-JP", "不安のない毎日を"),
    ("ja-JP", "最長24時間の保温"),
    ("ar-SA", "للمرة الأولى في البيت"),
    ("ar-SA", "يفضله أهل البيت"),
]


@pytest.mark.parametrize(("locale", "headline", "rule"), PLANTED)
def test_a_planted_fault_is_found(locale: str, headline: str, rule: str) -> None:
    assert rule in rules(locale, headline=headline)


@pytest.mark.parametrize(("locale", "headline"), CLEAN)
def test_what_only_looks_risky_passes(locale: str, headline: str) -> None:
    lexical = [rule for rule in rules(locale, headline=headline) if rule != "G-06P"]
    assert lexical == []


def test_a_seal_passes_with_its_publication() -> None:
    headline = "Stiftung Warentest: gut (1,9)"
    assert "DE-02" in rules("de-DE", headline=headline)
    assert "DE-02" not in rules("de-DE", headline=headline, legal_line="Ausgabe 05/2026")


def test_a_warranty_says_where_its_terms_are() -> None:
    headline = "Mit Garantie vom Hersteller"
    terms = "Garantiebedingungen: smartchef.example/de"
    assert "DE-06" in rules("de-DE", headline=headline, legal_line="")
    assert "DE-06" not in rules("de-DE", headline=headline, legal_line=terms)


def test_a_finding_quotes_what_it_found_and_names_law_and_fix() -> None:
    found = findings("de-DE", headline="Der beste Reiskocher")
    finding = next(f for f in found if f.rule == "DE-03")
    assert finding.evidence == "Der beste"
    assert finding.field == "headline"
    assert finding.severity is Severity.BLOCK_UNTIL_EVIDENCE
    assert "UWG" in finding.law
    assert finding.fix
    assert finding.market == "de-DE"


def test_the_heaviest_finding_comes_first() -> None:
    found = findings("en-US", headline="Cheap and the best {pot}, guaranteed")
    order = list(Severity)
    weights = [order.index(f.severity) for f in found]
    assert weights == sorted(weights)
    assert len(set(weights)) == 3

"""How much the checks find, and how often they cry wolf: recall and false alarms by market.

python benchmarks/compliance.py            the table, benchmarks/compliance.md
python benchmarks/compliance.py --misses   what was missed, and what was blamed wrongly
python benchmarks/compliance.py --peers    word lists and a small language model as well
python benchmarks/compliance.py de-DE ...  some markets only; writes nothing
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from compliance_samples import FOLDER, LabelledAd, labelled_ads, read

from studio.compliance.engine import Engine
from studio.domain.finding import Finding, Severity
from studio.imaging.coverage import missing_in_pack
from studio.markets.library import MarketLibrary

ENGINE = Engine(missing_glyphs=missing_in_pack)
LOUD = (Severity.BLOCK, Severity.BLOCK_UNTIL_EVIDENCE, Severity.WARN)
TABLE = Path(__file__).with_suffix(".md")
COUNTED = ("faults", "found", "noticed", "clean", "alarms")
HELD_OUT = FOLDER / "held-out"
FIRST_CONTACT = FOLDER / "first-contact.csv"
HEAD = """# What the compliance checks find

Labelled ads of every market (`benchmarks/compliance/`): faults that law or custom knows, and
clean ads that look risky. A fault counts as found where the checks raise at least a warning of
the expected kind; a clean ad counts as a false alarm where they raise any warning at all.

    python benchmarks/compliance.py

"""


@dataclass
class Score:
    """Counts over some samples."""

    faults: int = 0
    found: int = 0
    noticed: int = 0
    """Faults with any loud finding, of whatever kind."""
    clean: int = 0
    alarms: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share (0-1) of the faults that were found."""
        return self.found / self.faults if self.faults else 1.0

    @property
    def alarm_rate(self) -> float:
        """Share (0-1) of the clean ads that were blamed."""
        return self.alarms / self.clean if self.clean else 0.0

    def row(self, name: str) -> str:
        """A row of the table by market."""
        return f"{self.fault_row(name)} {self.clean} | {self.alarm_rate:.3f} |"

    def fault_row(self, name: str) -> str:
        """A row that tells of faults alone."""
        noticed = self.noticed / max(self.faults, 1)
        return f"| {name} | {self.faults} | {self.recall:.3f} | {noticed:.3f} |"


def loud_findings(ad: LabelledAd) -> list[Finding]:
    """What the engine says that a reviewer has to act on."""
    found = ENGINE.check(ad.creative, brief=ad.brief, pack=ad.pack, placement=ad.placement)
    return [finding for finding in found if finding.severity in LOUD]


def score_ads(ads: Iterable[LabelledAd], scores: Callable[[LabelledAd], list[Score]]) -> None:
    """Judge every ad and count it in its scores."""
    for ad in ads:
        found = loud_findings(ad)
        kinds = {finding.kind for finding in found}
        for score in scores(ad):
            if ad.sample.label == "fault":
                right = bool(kinds & set(ad.sample.expects))
                score.faults += 1
                score.found += right
                score.noticed += bool(found)
                if not right:
                    score.misses.append(_miss(ad, found))
            else:
                score.clean += 1
                score.alarms += bool(found)
                if found:
                    score.misses.append(_miss(ad, found))


def _miss(ad: LabelledAd, found: list[Finding]) -> str:
    said = "; ".join(f"{each.rule} {each.kind}: {each.evidence!r}" for each in found)
    words = " / ".join(ad.sample.copy.values())
    expected = ", ".join(ad.sample.expects) or "nothing"
    head = f"{ad.sample.id} expected {expected}, found {said or 'nothing'}"
    return f"{head}\n      {words}\n      {ad.sample.why}"


@dataclass
class Results:
    """Scores of all samples, sliced."""

    total: Score = field(default_factory=Score)
    markets: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    kinds: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    rules: Counter[str] = field(default_factory=Counter)
    """Loud findings by rule."""

    def add(self, market: str, ads: list[LabelledAd]) -> None:
        """Judge a market's samples."""

        def scores(ad: LabelledAd) -> list[Score]:
            kinds = [self.kinds[kind] for kind in ad.sample.expects[:1]]
            return [self.total, self.markets[market], *kinds]

        score_ads(ads, scores)
        self.rules.update(finding.rule for ad in ads for finding in loud_findings(ad))

    def market_table(self) -> str:
        """By market, as Markdown."""
        by_market = [score.row(market) for market, score in sorted(self.markets.items())]
        return "\n".join([*_head("market"), *by_market, self.total.row("**all**")])

    def tables(self) -> str:
        """By market and by kind of fault, as Markdown."""
        by_kind = [score.fault_row(kind) for kind, score in sorted(self.kinds.items())]
        return "\n".join(
            [
                self.market_table(), "",
                "| kind of fault | faults | recall | noticed |", "|---|---|---|---|", *by_kind,
            ]
        )  # fmt: skip

    def rule_table(self) -> str:
        """How often each rule spoke."""
        rows = [f"| {rule} | {count} |" for rule, count in self.rules.most_common()]
        return "\n".join(["| rule | findings |", "|---|---|", *rows])


def _head(first: str) -> tuple[str, str]:
    return (
        f"| {first} | faults | recall | noticed | clean | false alarms |",
        "|---|---|---|---|---|---|",
    )


def _held_out(library: MarketLibrary) -> str:
    """The ads to which no rule has been fitted, scored as the rules stand."""
    results = Results()
    for path in sorted(HELD_OUT.glob("*.yaml")):
        results.add(path.stem, labelled_ads(read(path), library))
    return (
        "## Held-out ads\n\n"
        "A smaller second set (`benchmarks/compliance/held-out/`), written by others after the "
        "rules were fitted to the first. When it was first scored the rules found 0.86 of the "
        "faults and blamed 0.04 of the clean ads; then they were widened for idioms of "
        "supremacy, invented voices and unnamed authorities by people who were told of these "
        "families alone and never saw the ads. Keep it so: this is what to expect of ads "
        "that nobody here has seen. `--folder "
        "benchmarks/compliance/held-out --misses` lists what is missed.\n\n"
        + results.market_table()
    )


def _first_contact() -> str:
    """What the rules found before any of them was fitted to these ads."""
    with FIRST_CONTACT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = {name: sum(int(row[name]) for row in rows) for name in COUNTED}
    score = Score(**counts)
    return (
        "## First contact\n\n"
        "The ads were written by others than the rules, from the law and not from the rules. "
        "What follows was counted when the two first met, before any rule was changed for "
        "them (`benchmarks/compliance/first-contact.csv` has the markets one by one); it is "
        "the better guess for ads that nobody here has seen.\n\n"
        + "\n".join([*_head(""), score.row("all markets")])
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("markets", nargs="*", help="only these; writes nothing")
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    parser.add_argument("--peers", action="store_true", help="word lists and a small model")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="other labelled ads")
    asked = parser.parse_args()
    library, results = MarketLibrary(), Results()
    everything: list[LabelledAd] = []
    for path in sorted(asked.folder.glob("*.yaml")):
        if not asked.markets or path.stem in asked.markets:
            ads = labelled_ads(read(path), library)
            results.add(path.stem, ads)
            everything += ads
    print(results.tables())
    if asked.misses:
        print("\n".join(results.total.misses))
    peers = ""
    if asked.peers:
        from compliance_peers import compare

        peers = compare(everything)
        print(peers)
    if not asked.markets and asked.folder == FOLDER:
        parts = (
            HEAD + results.tables(),
            _held_out(library),
            _first_contact(),
            peers,
            results.rule_table(),
        )
        TABLE.write_text("\n\n".join(filter(None, parts)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

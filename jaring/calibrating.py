"""`python -m jaring.calibrating`: the careful default of routing, from the gold development posts of all regions.

Writes `desk/routing.toml`. Some of what the reading learnt was written after a look at these very posts, so they
flatter it: probabilities are never raised by them, and the threshold is the highest of those that each region's
absence gives. The test posts only say how the default fares where nobody looked.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import desk
from desk.decide import Desk
from desk.relevance import CONCERNS
from domain.errors import Refused
from domain.quality.calibration import Calibration, Pair, calibration_error, fit_calibration
from domain.quality.coverage import CONFIDENCE, PRECISION, Point, at, curve, threshold
from domain.regions import load_regions
from domain.taxonomy import load_taxonomy
from jaring.analysis import as_post
from jaring.goldposts import GOLD
from jaring.lines import Line
from nlp.eval.gold import GoldPost, read_gold
from nlp.pipeline import build_reader

INTO = Path(desk.__path__[0]) / "routing.toml"
_HEAD = """\
# Written by `python -m jaring.calibrating`: how sure routing must be in a region that has not answered enough itself.
"""


@dataclass(frozen=True, slots=True)
class Careful:
    """The default: how probabilities are bent, and from which on a machine may route."""

    calibration: Calibration
    sure: float
    learnt: tuple[Pair, ...]
    checked: tuple[Pair, ...]

    def bent(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Pairs as the default has their probabilities."""
        return bent(self.calibration, pairs)


def main() -> int:
    """Measure, write the file, and return the exit status."""
    found = careful(pairs_of("dev"), pairs_of("test"))
    INTO.write_text(_HEAD + _told(found), encoding="utf-8")
    sys.stdout.write(INTO.read_text("utf-8"))
    return 0


def careful(learnt: Mapping[str, Sequence[Pair]], checked: Mapping[str, Sequence[Pair]]) -> Careful:
    """The default that the regions' pairs give. Refused when no probability is sure enough of them."""
    everything = [pair for pairs in learnt.values() for pair in pairs]
    fitted = fit_calibration("", everything)
    calibration = Calibration(f"umum-{date.today():%Y.%m}", min(1.0, fitted.slope), min(0.0, fitted.shift))  # noqa: DTZ011  a name, not a moment
    sure = []
    for absent in learnt:
        rest = [pair for region, pairs in learnt.items() if region != absent for pair in pairs]
        point = threshold(curve(bent(calibration, rest)))
        if point is None:
            raise Refused(f"without {absent} no probability is right in {PRECISION:.0%} of the posts")
        sure.append(point.p)
    unseen = [pair for pairs in checked.values() for pair in pairs]
    return Careful(calibration, max(sure), tuple(everything), tuple(unseen))


def bent(calibration: Calibration, pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs with calibrated probabilities."""
    return [Pair(calibration.of(pair.p), pair.right) for pair in pairs]


def pairs_of(part: str) -> dict[str, list[Pair]]:
    """The first office of each gold post that a machine might route by itself, and whether it may answer, by region."""
    gold = read_gold(sorted(GOLD.glob(f"*-{part}.jsonl")))
    found: dict[str, list[Pair]] = {}
    for region, pair in _routed(gold):
        found.setdefault(region, []).append(pair)
    return found


def _routed(gold: Sequence[GoldPost]) -> list[tuple[str, Pair]]:
    profiles = load_regions(sorted({post.region for post in gold}))
    reader, decider = build_reader(profiles), Desk(profiles, load_taxonomy())
    posts = [as_post(Line(id=x.id, text=x.text, title=x.title), x.region) for x in gold]
    found = []
    for known, post, reading in zip(gold, posts, reader.read(posts), strict=True):
        case = decider.decide_for(post, reading, known.region)
        if case.opd and case.relevance >= CONCERNS and reading.oversight is None:
            found.append((known.region, Pair(case.opd[0].p, case.opd[0].kode in known.labels.opd)))
    return found


def _told(found: Careful) -> str:
    learnt, checked = found.bent(found.learnt), found.bent(found.checked)
    return f"""\
name = "{found.calibration.name}"
source = "gold development posts of all regions, without those that accuse somebody in office"
slope = {found.calibration.slope:.6f}  # at most 1, and
shift = {found.calibration.shift:.6f}  # at most 0: these posts flatter, so nothing is made surer by them
sure = {found.sure:.4f}  # precision {PRECISION} holds from here at {CONFIDENCE:.0%}, whichever region is left out

[figures]
dev_posts = {len(learnt)}
dev_error_before = {calibration_error(found.learnt):.4f}  # expected calibration error
dev_error_after = {calibration_error(learnt):.4f}
{_at_sure("dev", learnt, found.sure)}
test_posts = {len(checked)}
test_error_before = {calibration_error(found.checked):.4f}
test_error_after = {calibration_error(checked):.4f}
{_at_sure("test", checked, found.sure)}
"""


def _at_sure(part: str, pairs: Sequence[Pair], sure: float) -> str:
    point: Point | None = at(curve(pairs), sure)
    if point is None:
        return f"{part}_coverage = 0.0"
    return f"{part}_coverage = {point.coverage:.4f}\n{part}_precision = {point.precision:.4f}"


if __name__ == "__main__":
    raise SystemExit(main())

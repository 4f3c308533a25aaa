"""Months ahead: learn one city's dispositions until November 2022, ask about December to February."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.eval.metrics import Interval, accuracy, bootstrap, calibration_error, macro_f1, sure_share
from nlp.linear.dispositions import Dispositions, complaint
from nlp.train.dispositions import Disposition, fit
from nlp.train.readers import SURABAYA, rows, surabaya_topics

ASKED_FROM, ASKED_BEFORE = "2022-12", "2023-03"
LEAST_TRAINED = 15  # macro-F1 is over agencies with at least so many complaints to learn from
CATCH_ALLS = ("Kelurahan", "Kecamatan")
_PRECISE = 0.95


@dataclass(frozen=True, slots=True)
class MonthsAhead:
    """What the region's own dispositions reach, and what a perfect topic would."""

    asked: int
    classes: int
    top1: Interval
    f1: Interval
    top3: float
    top1_without_catch_alls: float
    calibration: float
    sure_from: float  # probability from which answers are right in 95 of 100
    sure_share: float  # of complaints above it
    oracle_category: tuple[float, float]  # accuracy and macro-F1 of the true category -> its usual agency
    oracle_topic: tuple[float, float]  # the same through our taxonomy


def joined(agency: str) -> str:
    """Every kelurahan is one class, every kecamatan another: which one it is says the address, not the words."""
    name = agency.strip()
    return next((x for x in CATCH_ALLS if name.lower().startswith(x.lower())), name)


def months_ahead(data: Path, *, with_address: bool = True) -> MonthsAhead:
    """Measure on the Surabaya complaints under `data`."""
    table = list(rows(data / SURABAYA))
    learn = [x for x in table if x["tanggal_keluhan"] < ASKED_FROM]
    ask = [x for x in table if ASKED_FROM <= x["tanggal_keluhan"] < ASKED_BEFORE]
    model = Dispositions(fit(_disposition(x, with_address=with_address) for x in learn))
    gold = [joined(x["instansi"]) for x in ask]
    ranked = model.rank([complaint(x.text, x.place) for x in (_disposition(y, with_address=with_address) for y in ask)])
    said = [x.best.label for x in ranked]
    right = [g == s for g, s in zip(gold, said, strict=True)]
    sure = [x.best.p for x in ranked]
    trained = Counter(joined(x["instansi"]) for x in learn)
    often = sorted(x for x, n in trained.items() if n >= LEAST_TRAINED)
    plain = [n for n, g in enumerate(gold) if g not in CATCH_ALLS]
    sure_from, share = sure_share(right, sure, precision=_PRECISE)
    return MonthsAhead(
        asked=len(ask),
        classes=len(often),
        top1=bootstrap(accuracy, gold, said),
        f1=bootstrap(lambda g, s: macro_f1(g, s, often), gold, said),
        top3=sum(g in [a.label for a in x.answers[:3]] for g, x in zip(gold, ranked, strict=True)) / len(gold),
        top1_without_catch_alls=accuracy([gold[n] for n in plain], [said[n] for n in plain]),
        calibration=calibration_error(right, sure),
        sure_from=sure_from,
        sure_share=share,
        oracle_category=_oracle(learn, ask, {x["topik"]: x["topik"] for x in table}, often),
        oracle_topic=_oracle(learn, ask, surabaya_topics(), often),
    )


def _disposition(row: Mapping[str, str], *, with_address: bool) -> Disposition:
    return Disposition(row["keluhan"], joined(row["instansi"]), row["alamat"] if with_address else "")


def _oracle(
    learn: Sequence[Mapping[str, str]], ask: Sequence[Mapping[str, str]], topic: Mapping[str, str], often: Sequence[str]
) -> tuple[float, float]:
    """What answering every complaint with the usual agency of its true topic would reach."""
    usual: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in learn:
        usual[topic.get(row["topik"].strip(), "")][joined(row["instansi"])] += 1
    gold = [joined(x["instansi"]) for x in ask]
    said = [
        max(usual[topic.get(x["topik"].strip(), "")].items(), key=lambda pair: pair[1], default=("", 0))[0] for x in ask
    ]
    return accuracy(gold, said), macro_f1(gold, said, often)

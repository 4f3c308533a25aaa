"""Months ahead: learn one city's dispositions until November 2022, ask about December to February."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from domain.text.mask import mask
from nlp.deciders import Ranking
from nlp.encoder.encoder import Encoder
from nlp.eval.metrics import Interval, accuracy, bootstrap, calibration_error, macro_f1, sure_share
from nlp.linear.dispositions import complaint
from nlp.train.dispositions import Disposition
from nlp.train.readers import SURABAYA, rows, surabaya_topics
from nlp.train.region import teach

ASKED_FROM, ASKED_BEFORE = "2022-12", "2023-03"
LEAST_TRAINED = 15  # macro-F1 is over agencies with at least so many complaints to learn from
CATCH_ALLS = ("Kelurahan", "Kecamatan")
FAST, CASCADE, BEST = "fast", "cascade", "best"  # as the ways of reading are named
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


def months_ahead(data: Path, encoder: Encoder | None = None, *, with_address: bool = True) -> dict[str, MonthsAhead]:
    """Measure on the Surabaya complaints under `data`, in each way of reading: without an encoder, `fast` alone."""
    table = list(rows(data / SURABAYA))
    learn = [x for x in table if x["tanggal_keluhan"] < ASKED_FROM]
    ask = [x for x in table if ASKED_FROM <= x["tanggal_keluhan"] < ASKED_BEFORE]
    taught = teach([_disposition(x, with_address=with_address) for x in learn], encoder)
    ways = {FAST: taught.dispositions(None)}
    if encoder is not None:
        ways |= {CASCADE: taught.dispositions(encoder), BEST: taught.dispositions(encoder, everything=True)}
    told = [_disposition(x, with_address=with_address) for x in ask]
    asked = [complaint(x.text, x.place) for x in told]
    gold, often = [x.agency for x in told], often_asked(learn)
    oracles = (
        _oracle(learn, ask, {x["topik"]: x["topik"] for x in table}, often),
        _oracle(learn, ask, surabaya_topics(), often),
    )
    return {way: _measured(gold, model.rank(asked), often, oracles) for way, model in ways.items()}


def _measured(
    gold: Sequence[str], ranked: Sequence[Ranking], often: Sequence[str], oracles: tuple[tuple[float, float], ...]
) -> MonthsAhead:
    said = [x.best.label for x in ranked]
    right = [g == s for g, s in zip(gold, said, strict=True)]
    sure = [x.best.p for x in ranked]
    plain = [n for n, g in enumerate(gold) if g not in CATCH_ALLS]
    sure_from, share = sure_share(right, sure, precision=_PRECISE)
    return MonthsAhead(
        asked=len(gold),
        classes=len(often),
        top1=bootstrap(accuracy, gold, said),
        f1=bootstrap(lambda g, s: macro_f1(g, s, often), gold, said),
        top3=sum(g in [a.label for a in x.answers[:3]] for g, x in zip(gold, ranked, strict=True)) / len(gold),
        top1_without_catch_alls=accuracy([gold[n] for n in plain], [said[n] for n in plain]),
        calibration=calibration_error(right, sure),
        sure_from=sure_from,
        sure_share=share,
        oracle_category=oracles[0],
        oracle_topic=oracles[1],
    )


def often_asked(learn: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the agencies with enough complaints to learn from."""
    trained = Counter(joined(x["instansi"]) for x in learn)
    return sorted(x for x, n in trained.items() if n >= LEAST_TRAINED)


def _disposition(row: Mapping[str, str], *, with_address: bool) -> Disposition:
    place = mask(row["alamat"]).text if with_address else ""
    return Disposition(mask(row["keluhan"]).text, joined(row["instansi"]), place, row["tanggal_keluhan"][:10])


def usual_agencies(learn: Iterable[Mapping[str, str]], topic: Mapping[str, str]) -> dict[str, str]:
    """Return the agency to which most complaints of each topic went; `topic` maps category names, others are ""."""
    usual: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in learn:
        usual[topic.get(row["topik"].strip(), "")][joined(row["instansi"])] += 1
    return {name: max(agencies.items(), key=itemgetter(1))[0] for name, agencies in usual.items()}


def _oracle(
    learn: Sequence[Mapping[str, str]], ask: Sequence[Mapping[str, str]], topic: Mapping[str, str], often: Sequence[str]
) -> tuple[float, float]:
    """What answering every complaint with the usual agency of its true topic would reach."""
    usual = usual_agencies(learn, topic)
    gold = [joined(x["instansi"]) for x in ask]
    said = [usual.get(topic.get(x["topik"].strip(), ""), "") for x in ask]
    return accuracy(gold, said), macro_f1(gold, said, often)

"""`jaring eval`: the reading and the desk together against the gold posts, and the models against public sets."""

from __future__ import annotations

import json as json_format
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from jaring.console import emit, paper, words
from jaring.goldposts import GOLD, USUAL, blind_figures, gold_figures, reading_figures
from nlp.asking import cascade_of, encoder_of, linear_decider
from nlp.deciders import RANKED, Decider, Task
from nlp.encoder.encoder import MODEL, SHIPPED
from nlp.encoder.plan import PLAN, read_plan
from nlp.eval.gold import Figure
from nlp.eval.published import PUBLISHED
from nlp.pipeline import WEIGHTS, Mode

FLOORS = GOLD / "floors.json"


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as each way of reading reaches it; `usual` is the way that an installation reads by default."""

    usual: Figure
    ways: Mapping[str, float]  # fast, cascade, best; and `baseline`, the usual linear model of the field
    published: str | None = None


def run(data_dir: Path | None, *, json: bool = False) -> bool:
    """Measure, print one table (or one JSON document), and tell whether every figure keeps its floor.

    Without `data_dir` only the gold posts are measured, which stand in the repository.
    """
    floors = read_floors()
    measured = measure(data_dir)
    kept = [x.usual.value >= floors.get(x.usual.name, 0.0) for x in measured]
    if json:
        rows = [
            {**asdict(x.usual), "floor": floors.get(x.usual.name), "ways": dict(x.ways), "published": x.published}
            for x in measured
        ]
        emit({"ok": all(kept), "mode": USUAL.value, "figures": rows})
    else:
        paper.print(_table(measured, floors))
    return all(kept)


def measure(data_dir: Path | None) -> list[Measured]:
    """Every figure, in every way of reading that this installation can read."""
    by_way: dict[str, list[Figure]] = {}
    for mode in modes():
        words.print(f"{mode.value} ...")
        figures = gold_figures(mode=mode) + blind_figures(mode) + reading_figures(mode)
        if data_dir is not None:
            figures += sentiment_of(mode, data_dir)
        by_way[mode.value] = figures
    if data_dir is not None:
        by_way["baseline"] = baselines(data_dir)
        for way, figures in others(data_dir).items():
            by_way[way] += figures
    found = {way: {x.name: x.value for x in figures} for way, figures in by_way.items()}
    return [
        Measured(x, {way: values[x.name] for way, values in found.items() if x.name in values}, PUBLISHED.get(x.name))
        for x in by_way[USUAL.value]
    ]


def modes() -> tuple[Mode, ...]:
    """The ways of reading that the package's models allow."""
    return tuple(Mode) if (SHIPPED / MODEL).is_file() and USUAL is not Mode.FAST else (Mode.FAST,)


def read_floors() -> dict[str, float]:
    """The least value of each figure, by name; none where the repository is not there."""
    floors: dict[str, float] = json_format.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {}
    return floors


def public_figures(data: Path) -> Iterator[tuple[str, list[Figure]]]:
    """The figures that need the data sets and scikit-learn, as an installation reads by default, set by set."""
    yield "SmSA, NusaX, Rejang", sentiment_of(USUAL, data)
    yield "Bandung, Surabaya", others(data)[USUAL.value]


def sentiment_of(mode: Mode, data: Path) -> list[Figure]:
    """Feeling on the public sets, read in one way."""
    from nlp.eval.public import sentiment_figures  # noqa: PLC0415  needs the extra `train`

    return sentiment_figures(decider_of(mode), data)


def decider_of(mode: Mode) -> Decider:
    """Who answers in a way of reading, without the rest of the pipeline."""
    if mode is Mode.FAST:
        return linear_decider()
    doubts = " ".join(x.value for x in RANKED)
    return cascade_of(str(WEIGHTS), 0, doubts, everything=mode is Mode.BEST)


def baselines(data: Path) -> list[Figure]:
    """What the usual linear model reaches on the same sets."""
    from nlp.eval.public import sentiment_baselines  # noqa: PLC0415  needs the extra `train`

    words.print("baseline ...")
    return sentiment_baselines(data)


def others(data: Path) -> dict[str, list[Figure]]:
    """Tweets and a city's complaints, by way of reading: models of their own, learnt for the purpose."""
    from nlp.eval.city import city_figures  # noqa: PLC0415  needs the extra `train`
    from nlp.eval.public import tweet_figures  # noqa: PLC0415  as above

    words.print("Bandung, Surabaya ...")
    encoder = encoder_of(str(WEIGHTS), 0) if Mode.CASCADE in modes() else None
    found = city_figures(data, (encoder, read_plan(WEIGHTS / PLAN).tasks[Task.TOPIC]) if encoder is not None else None)
    found[USUAL.value] = [*tweet_figures(data), *found[USUAL.value]]
    return found


def _table(measured: Sequence[Measured], floors: Mapping[str, float]) -> Table:
    table = Table(title=f"Mutu pembacaan (biasanya: {USUAL.value})")
    table.add_column("ukuran")
    ways = ("baseline", *(mode.value for mode in Mode))
    for name in (*ways, "selang 95 %", "n", "batas"):
        table.add_column(name, justify="right")
    table.add_column("")
    table.add_column("terbitan lain (data uji)")
    for x in measured:
        usual = x.usual
        floor = floors.get(usual.name)
        mark = "" if floor is None else ("[green]ya[/]" if usual.value >= floor else "[red]TIDAK[/]")
        span = f"{usual.low:.3f}-{usual.high:.3f}" if usual.low is not None and usual.high is not None else ""
        reached = (f"{x.ways[way]:.3f}" if way in x.ways else "" for way in ways)
        limit = "" if floor is None else f"{floor:.3f}"
        table.add_row(usual.name, *reached, span, str(usual.n), limit, mark, x.published or "")
    return table

"""`make floors`: raises the quality floors to what was just measured and writes the figures into the weights' card.

Lowering a floor needs `--allow-lower`.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import nlp
from domain.errors import Refused
from jaring.evaluation import FLOORS, public_figures, read_floors
from jaring.goldposts import blind_figures, gold_figures, reading_figures
from nlp.eval.gold import Figure

_SLACK = 0.02  # a figure may sway by this much with a few posts: half its standard error on the gold posts
CARD = Path(nlp.__path__[0]) / "weights" / "card.toml"
_FIGURES = "\n[figures]\n"


def raised(
    floors: Mapping[str, float], measured: Mapping[str, float], *, allow_lower: bool = False
) -> dict[str, float]:
    """Return the floors after a measurement: those not measured stay, those measured follow it.

    Raises:
        Refused: a floor would sink, and that was not asked for.
    """
    new = {name: math.floor((value - _SLACK) * 1000) / 1000 for name, value in measured.items() if name in floors}
    lower = sorted(name for name, value in new.items() if measured[name] < floors[name])
    if lower and not allow_lower:
        raise Refused(f"these figures are below their floors: {', '.join(lower)}; --allow-lower lowers them")
    return {
        name: new[name] if name in lower else max(floor, new.get(name, floor)) for name, floor in sorted(floors.items())
    }


def with_figures(card: str, figures: Sequence[Figure]) -> str:
    """Return a card whose figures are these. What else stands in it stays."""
    lines = "".join(f'"{x.name}" = {x.value:.4f}\n' for x in figures)
    return card.partition(_FIGURES)[0] + _FIGURES + lines


def main(arguments: list[str] | None = None) -> int:
    """Measure, rewrite the floors, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the public data sets; without it only the gold posts")
    parser.add_argument("--allow-lower", action="store_true", help="lower floors that are not reached")
    options = parser.parse_args(arguments)
    figures = gold_figures() + blind_figures() + reading_figures()
    if options.data is not None and options.data.is_dir():
        for _, more in public_figures(options.data):
            figures += more
    try:
        floors = raised(read_floors(), {x.name: x.value for x in figures}, allow_lower=options.allow_lower)
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    CARD.write_text(with_figures(CARD.read_text("utf-8"), figures), encoding="utf-8")
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`make floors`: raises the quality floors to what was just measured. Lowering one needs `--allow-lower`."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path

from domain.errors import Refused
from jaring.evaluation import FLOORS, gold_figures, public_figures, read_floors

_SLACK = 0.01  # a figure may sway by this much with the machine's arithmetic and a few posts


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


def main(arguments: list[str] | None = None) -> int:
    """Measure, rewrite the floors, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the public data sets; without it only the gold posts")
    parser.add_argument("--allow-lower", action="store_true", help="lower floors that are not reached")
    options = parser.parse_args(arguments)
    figures = gold_figures()
    if options.data is not None and options.data.is_dir():
        for _, more in public_figures(options.data):
            figures += more
    try:
        floors = raised(read_floors(), {x.name: x.value for x in figures}, allow_lower=options.allow_lower)
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

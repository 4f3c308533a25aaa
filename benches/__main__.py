"""`make bench`: every speed beside its limit, one process per bench so that none warms another's caches."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import orjson

from benches.figures import Figure, show

BENCHES = ("reading", "places", "line", "index", "meaning", "watches", "pages", "crawl")


def main() -> None:
    """Run the benches asked for and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benches")
    parser.add_argument("which", nargs="*", default=list(BENCHES), help=", ".join(BENCHES))
    parser.add_argument("--out", type=Path, help="write the figures as JSON here")
    asked = parser.parse_args()
    if unknown := set(asked.which) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    figures: list[Figure] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.which:
            answer = Path(folder) / f"{name}.json"
            code = subprocess.run([sys.executable, "-m", "benches.alone", name, str(answer)], check=False).returncode
            if code:
                failed.append(name)
            else:
                figures += [Figure(**row) for row in orjson.loads(answer.read_bytes())]
    show(figures, asked.out)
    if failed:
        sys.exit(f"these benches did not finish: {', '.join(failed)}")


if __name__ == "__main__":
    main()

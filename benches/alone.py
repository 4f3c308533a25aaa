"""Runs one bench in a process of its own and leaves its figures in a file."""

from __future__ import annotations

import importlib
import sys
from dataclasses import asdict
from pathlib import Path

import orjson

if __name__ == "__main__":
    name, answer = sys.argv[1:]
    figures = importlib.import_module(f"benches.{name}").main()
    Path(answer).write_bytes(orjson.dumps([asdict(figure) for figure in figures]))

"""How fast posts are read, mode by mode, beside what the machine's arithmetic allows; and what the desk adds.

Measured in seconds of the processor, which other programs on the machine do not take away. A rate is of as many
processes as there are processors, each reading on its own: one process's, times their number.
"""

from __future__ import annotations

import importlib.util
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from benches.figures import Figure
from benches.gemm import operations_per_second, operations_per_token
from benches.line import texts
from desk.decide import Desk
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.regions import RegionProfile, load_regions
from domain.taxonomy import load_taxonomy
from domain.text.tokens import tokenize
from jaring.work import settle
from nlp.encoder.encoder import MODEL, SHIPPED, Encoder
from nlp.pipeline import WEIGHTS, Choices, Mode, build_reader

POSTS = 3_000
ENCODED = 400  # posts of a mode that encodes them all: enough for two decimals
TOKENS = 40  # a post of ordinary length
CORES = 2  # that the aims are for
AIMS = {Mode.FAST: 2_500.0, Mode.CASCADE: 500.0, Mode.BEST: 180.0}
AIM_MEGABYTES = 700.0
AIM_LOAD_SECONDS = 2.0
AIM_DECIDED = 1_000.0
MEMORY = """
import resource, sys
from domain.regions import load_regions
from nlp.pipeline import Choices, Mode, build_reader
from benches.reading import posts
reader = build_reader(load_regions(("lombok-barat",)), Choices(mode=Mode(sys.argv[1]), threads=1))
for _ in reader.read(posts(600)):
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000)
"""


def main() -> list[Figure]:
    """Read posts of TOKENS words in each mode that the installation has."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    profiles = load_regions(("lombok-barat",))
    figures = [*_fast(profiles), _megabytes(Mode.FAST)]
    if not (SHIPPED / MODEL).is_file():
        sys.stderr.write("Tidak ada pengode di nlp/weights/encoder: hanya pembaca cepat yang diukur.\n")
        return figures
    began = time.perf_counter()
    encoder = Encoder.load(threads=1)
    loaded = time.perf_counter() - began
    words = [post.words for post in posts(ENCODED)]
    limit = CORES * operations_per_second(SHIPPED / MODEL) / _operations_per_post(encoder, words)
    bare = CORES * _rate(lambda: encoder.encode(words), len(words))
    figures.append(_figure("pengode saja, 2 inti (batas: perkalian int8)", bare, limit, AIMS[Mode.BEST]))
    for mode, count in ((Mode.CASCADE, POSTS // 3), (Mode.BEST, ENCODED)):
        rate, share = _mode(profiles, mode, count)
        name = f"membaca {mode}, 2 inti, {share:.0%} dikodekan (batas: perkalian int8)"
        figures.append(_figure(name, rate, limit / max(share, 1e-9) if share else None, AIMS[mode]))
    figures += [
        _megabytes(Mode.BEST),
        Figure("memuat pengode", loaded, "dtk", None, None, f"≤ {AIM_LOAD_SECONDS:.0f} dtk", loaded <= AIM_LOAD_SECONDS),
    ]
    return figures + _beside_transformers(bare)


def posts(count: int) -> list[RawPost]:
    """Posts of TOKENS words, no two alike."""
    now = datetime.now(UTC)
    words = " ".join(texts(count * 2)).split()
    return [_post(n, " ".join(words[n * TOKENS : (n + 1) * TOKENS]), now) for n in range(count)]


def _fast(profiles: dict[str, RegionProfile]) -> list[Figure]:
    reader, desk = build_reader(profiles), Desk(profiles, load_taxonomy())
    some = posts(POSTS)
    list(reader.read(some[:500]))  # caches and lazy tables
    settle()  # as the reading process does
    read = CORES * _rate(lambda: list(reader.read(some)), POSTS)
    readings = list(reader.read(some))
    pairs = list(zip(some, readings, strict=True))
    decided = _rate(lambda: [desk.decide(post, reading, {}) for post, reading in pairs], POSTS)
    tokenised = CORES * _rate(lambda: [tokenize(post.text) for post in some], POSTS)
    return [
        _figure("membaca fast, 2 inti, 40 token (batas: tokenisasi saja)", read, tokenised, AIMS[Mode.FAST]),
        _figure("memutuskan, 1 inti", decided, None, AIM_DECIDED),
    ]


def _mode(profiles: dict[str, RegionProfile], mode: Mode, count: int) -> tuple[float, float]:
    """Posts per second on CORES processes, and the share of posts that were encoded."""
    reader = build_reader(profiles, Choices(mode=mode, threads=1))
    some = posts(count)
    readings = list(reader.read(some[:256]))
    rate = CORES * _rate(lambda: readings.extend(reader.read(some)), count)
    return rate, sum(x.vector is not None for x in readings) / len(readings)


def _rate(work: Callable[[], object], count: int) -> float:
    """How many of `count` are worked in a second of the processor."""
    began = time.process_time()
    work()
    return count / (time.process_time() - began)


def _operations_per_post(encoder: Encoder, words: Sequence[str]) -> float:
    tokens = encoder.lengths(words)
    return operations_per_token(SHIPPED / MODEL) * sum(tokens) / len(tokens)


def _figure(name: str, rate: float, limit: float | None, aim: float) -> Figure:
    ratio = rate / limit if limit else None
    return Figure(name, rate, "kiriman/dtk", limit, ratio, f"≥ {aim:,.0f}/dtk", rate >= aim)


def _megabytes(mode: Mode) -> Figure:
    """What a reading process of a mode holds at most, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", MEMORY, mode.value], capture_output=True, text=True, check=True)
    used = float(done.stdout)
    aim = f"≤ {AIM_MEGABYTES:.0f} MB"
    return Figure(f"memori proses pembaca, {mode}", used, "MB", None, None, aim, used <= AIM_MEGABYTES)

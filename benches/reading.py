"""How fast posts are read, mode by mode, beside what the machine's arithmetic allows; and what the desk adds.

Measured in seconds of the processor, which other programs on the machine do not take away. A rate is of as many
processes as there are processors, each reading on its own: one process's, times their number.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from benches.bare import bare_transformers
from benches.figures import Figure
from benches.gemm import operations_per_second, operations_per_token
from benches.line import texts
from desk.decide import Desk
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.reading import Reading
from domain.regions import RegionProfile, load_regions
from domain.taxonomy import load_taxonomy
from domain.text.tokens import tokenize
from jaring.bundled import sample_posts
from jaring.work import settle
from nlp.encoder.encoder import MODEL, Encoder
from nlp.pipeline import WEIGHTS, Choices, Mode, build_reader

POSTS = 2_000
ENCODED = 256  # posts of a mode that encodes them all: enough for two decimals
TOKENS = 40  # a post of ordinary length
SHORTEST, LONGEST = 30, 55  # around it
ROUNDS = 3
CORES = 2  # that the aims are for
AIMS = {Mode.FAST: 2_500.0, Mode.CASCADE: 500.0, Mode.BEST: 180.0}
AIM_MEGABYTES = 700.0
AIM_LOAD_SECONDS = 2.0
AIM_DECIDED = 1_000.0
MEMORY = """
import resource, sys
from pathlib import Path
from domain.regions import load_regions
from nlp.pipeline import Choices, Mode, build_reader
from benches.reading import posts
choices = Choices(mode=Mode(sys.argv[1]), threads=1, weights=Path(sys.argv[2]))
reader = build_reader(load_regions(("lombok-barat",)), choices)
for _ in reader.read(posts(600)):
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000)
"""


def main(weights: Path = WEIGHTS) -> list[Figure]:
    """Read posts of TOKENS words in each mode that a folder of weights allows."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    profiles = load_regions(("lombok-barat",))
    figures = [*_fast(profiles), _megabytes(Mode.FAST, weights)]
    model = weights / "encoder" / MODEL
    if not model.is_file():
        sys.stderr.write(f"Tidak ada {model}: hanya pembaca cepat yang diukur.\n")
        return figures
    began = time.perf_counter()
    encoder = Encoder.load(model.parent, threads=1)
    loaded = time.perf_counter() - began
    words = [post.words for post in ordinary(ENCODED)]
    limit = CORES * operations_per_second() / _operations_per_post(model, encoder, words)
    bare = CORES * _rate(lambda: encoder.encode(words), len(words))
    figures.append(_figure("pengode saja, 2 inti (batas: perkalian int8)", bare, limit, AIMS[Mode.BEST]))
    for mode, count in ((Mode.CASCADE, POSTS // 4), (Mode.BEST, ENCODED)):
        rate, share = _mode(profiles, Choices(mode=mode, threads=1, weights=weights), count)
        name = f"membaca {mode}, 2 inti, {share:.0%} dikodekan (batas: perkalian int8)"
        figures.append(_figure(name, rate, limit / share if share else None, AIMS[mode]))
    figures += [
        _megabytes(Mode.BEST, weights),
        Figure(
            "memuat pengode", loaded, "dtk", None, None, f"≤ {AIM_LOAD_SECONDS:.0f} dtk", loaded <= AIM_LOAD_SECONDS
        ),
    ]
    figures.append(bare_transformers(model.parent, words, rate, CORES))
    return figures


def posts(count: int) -> list[RawPost]:
    """Posts of TOKENS words, no two alike."""
    now = datetime.now(UTC)
    words = " ".join(texts(count * 2)).split()
    return [_post(n, " ".join(words[n * TOKENS : (n + 1) * TOKENS]), now) for n in range(count)]


def ordinary(count: int) -> list[RawPost]:
    """Posts about TOKENS words long as people write them, each about one matter, told apart by a number.

    Halves of different posts would not do where it matters how sure a model is.
    """
    now = datetime.now(UTC)
    whole = [x.text for x in sample_posts(now) if SHORTEST <= len(tokenize(x.text)) <= LONGEST]
    return [_post(n, f"{text} nomor {n}", now) for n, text in zip(range(count), cycle(whole), strict=False)]


def _fast(profiles: Mapping[str, RegionProfile]) -> list[Figure]:
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


def _mode(profiles: Mapping[str, RegionProfile], choices: Choices, count: int) -> tuple[float, float]:
    """Posts per second on CORES processes, and the share of posts that were encoded."""
    reader = build_reader(profiles, choices)
    some = ordinary(count)
    list(reader.read(some[:256]))
    readings: list[Reading] = []
    rate = CORES * _rate(lambda: readings.extend(reader.read(some)), count)
    return rate, sum(x.vector is not None for x in readings) / len(readings)


def _rate(work: Callable[[], object], count: int) -> float:
    """How many of `count` are worked in a second of the processor, the best of a few rounds."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return count / min(seconds)


def _operations_per_post(model: Path, encoder: Encoder, words: Sequence[str]) -> float:
    tokens = sum(len(x) for x in encoder.tokens(words))
    return operations_per_token(model) * tokens / len(words)


def _figure(name: str, rate: float, limit: float | None, aim: float) -> Figure:
    ratio = rate / limit if limit else None
    return Figure(name, rate, "kiriman/dtk", limit, ratio, f"≥ {aim:,.0f}/dtk", rate >= aim)


def _megabytes(mode: Mode, weights: Path) -> Figure:
    """What a reading process of a mode holds at most, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, mode.value, str(weights)], capture_output=True, text=True, check=True
    )
    used = float(done.stdout)
    aim = f"≤ {AIM_MEGABYTES:.0f} MB"
    return Figure(f"memori proses pembaca, {mode}", used, "MB", None, None, aim, used <= AIM_MEGABYTES)


def _post(n: int, text: str, now: datetime) -> RawPost:
    return RawPost(
        id=post_id("bench", str(n)), namespace="bench", native_id=str(n), source="bench", regions=("lombok-barat",),
        channel=Channel.FORM, text=text, published_at=now, date_trust=DateTrust.EXACT, fetched_at=now,
    )  # fmt: skip

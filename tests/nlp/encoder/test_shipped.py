"""The trained encoder itself: it loads soon, stays small, and says of a post what it says of it in company."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlp.deciders import RANKED, Task
from nlp.encoder.encoder import MODEL, Encoder
from nlp.encoder.plan import PLAN, read_plan
from nlp.encoder.queries import Queries
from nlp.linear.decider import load_decider
from tests.nlp.encoder.test_encoder import STRANGE
from tests.services.encoder import shipped

MEGABYTE = 1_000_000
ROAD = "Jalan di depan pasar rusak parah, aspalnya sudah hancur"
FERTILISER = "Pupuk bersubsidi langka di kios desa kami"
ALIKE = 0.98  # cosine of a text's vectors in two companies: bytes are scaled by the run
READS = """
import json, re, sys, time
from pathlib import Path
from nlp.encoder.encoder import Encoder
before = time.process_time()
encoder = Encoder.load(Path(sys.argv[1]), threads=1)
loaded = time.process_time() - before
encoder.encode([f"jalan rusak di depan pasar {n} " * (n % 40) for n in range(300)])
# The kernel's own account: `ru_maxrss` of a child starts with what its parent held.
most = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps([loaded, int(most[1]) / 1_000]))
"""


@pytest.fixture(scope="module")
def weights() -> Path:
    return shipped()


@pytest.fixture(scope="module")
def encoder(weights: Path) -> Encoder:
    return Encoder.load(weights / "encoder")


def test_it_answers_every_task_in_the_labels_of_the_linear_decider(encoder: Encoder) -> None:
    heads = encoder.card.heads
    assert set(heads) == set(Task)
    for task in RANKED:
        assert set(heads[task].labels) == set(load_decider().labels[task])


def test_its_plan_was_fitted_for_the_models_beside_it(weights: Path, encoder: Encoder) -> None:
    plan = read_plan(weights / PLAN)
    assert (plan.linear, plan.encoder) == (load_decider().name, encoder.name)
    assert plan.tasks.keys() >= set(RANKED)


def test_it_is_small_loads_soon_and_holds_little(weights: Path) -> None:
    assert (weights / "encoder" / MODEL).stat().st_size <= 40 * MEGABYTE
    done = subprocess.run(
        [sys.executable, "-c", READS, str(weights / "encoder")], capture_output=True, text=True, check=True
    )
    loaded, megabytes = json.loads(done.stdout)
    assert loaded <= 2  # seconds of the processor
    assert megabytes <= 700


def test_any_text_has_a_place(encoder: Encoder) -> None:
    encoded = encoder.encode(STRANGE)
    assert np.isfinite(encoded.vectors).all()
    assert np.allclose(np.linalg.norm(encoded.vectors, axis=1), 1, atol=1e-3)
    assert all(np.isfinite(table).all() for table in encoded.logits.values())


def test_a_text_says_nearly_the_same_alone_and_in_company(encoder: Encoder) -> None:
    texts = [f"Lampu jalan di depan kantor desa padam {'sudah lama ' * (n % 9)}" for n in range(40)]
    together = encoder.encode(texts)
    for n in (0, 5, 13, 39):
        alone = encoder.encode([texts[n]])
        assert float(alone.vectors[0] @ together.vectors[n]) >= ALIKE
        for task in Task:
            gap = np.abs(np.tanh(alone.logits[task][0] / 4) - np.tanh(together.logits[task][n] / 4))
            assert gap.max() <= 0.3


def test_what_is_searched_stands_nearer_to_what_answers_it(encoder: Encoder) -> None:
    answer, other = (x.vector for x in encoder.encodings([ROAD, FERTILISER]))
    words = Queries(encoder).vector_of("jalan rusak")
    assert words.cosine(answer) > words.cosine(other)

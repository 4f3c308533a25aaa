from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the extra `train`")

from domain.regions import load_regions
from domain.vectors import DIMENSIONS
from jaring.experience import experience_of, file_of
from nlp.deciders import Task
from nlp.encoder.card import read_card
from nlp.encoder.encoder import MODEL, SHIPPED
from nlp.encoder.opinion import Opinion
from nlp.encoder.plan import Kind, Pool
from nlp.train.dispositions import Disposition, fit, write_dispositions

REGION = "lombok-barat"
CODES = ("DISHUB", "PUTR")
pytestmark = pytest.mark.skipif(not (SHIPPED / MODEL).is_file(), reason="needs the shipped encoder")


def learnt(home: Path, encoder: str) -> None:
    """Write dispositions with the opinion of an encoder to which all is DISHUB's, as soon as words are not certain."""
    words = ("lampu padam", "jalan rusak")
    weights = fit([Disposition(f"{words[n % 2]} rt {n}", CODES[n % 2]) for n in range(240)])
    seen = DIMENSIONS + len(read_card(SHIPPED).heads[Task.TOPIC].labels)
    opinion = Opinion(
        encoder,
        CODES,
        np.zeros(seen),
        np.zeros((seen, 2)),
        np.array([9.0, -9.0]),
        Pool(Kind.LOG, 0.0, 1.0),
        1.1,
    )
    write_dispositions(weights, file_of(home, REGION), opinion=opinion, say=lambda _: None)


def first(home: Path, mode: str) -> str:
    profiles = load_regions([REGION])
    return experience_of(home, profiles.values(), mode)[REGION].rank("jalan rusak", None)[0][0]


def test_the_encoder_is_heard_in_every_mode_but_fast(tmp_path: Path) -> None:
    learnt(tmp_path, read_card(SHIPPED).name)
    assert {mode: first(tmp_path, mode) for mode in ("fast", "cascade", "best")} == {
        "fast": "PUTR",
        "cascade": "DISHUB",
        "best": "DISHUB",
    }


def test_an_opinion_that_another_encoder_learnt_is_not_heard(tmp_path: Path) -> None:
    learnt(tmp_path, "lain-1")
    assert first(tmp_path, "best") == "PUTR"

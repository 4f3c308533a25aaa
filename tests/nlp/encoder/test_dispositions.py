from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the extra `train`")

from domain.errors import CatalogueError
from nlp.encoder.encoder import Encoder
from nlp.encoder.opinion import load_opinion, seen_by
from nlp.linear.dispositions import complaint, load_dispositions
from nlp.linear.weights import save_weights
from nlp.train.dispositions import Disposition, write_dispositions
from nlp.train.region import Taught, teach

ROADS, LAMPS = "Dinas PU", "Dinas Perhubungan"


def past(count: int = 600) -> list[Disposition]:
    """Complaints with a word that the encoder knows, and one by chance beside it, which turned about in the end.

    A few went to the wrong agency, so that nothing is quite sure.
    """
    rows = []
    for n in range(count):
        agency, known, beside = ((ROADS, "jalan", "kemarin"), (LAMPS, "lampu", "tadi"))[n % 2]
        turned = n >= count * 0.95
        chance = {"kemarin": "tadi", "tadi": "kemarin"}[beside] if turned else beside
        agency = agency if n % 17 else {ROADS: LAMPS, LAMPS: ROADS}[agency]
        rows.append(Disposition(f"{known} {chance} rt {n}", agency, day=f"2025-{1 + n * 12 // count:02}-11"))
    return rows


@pytest.fixture(scope="module")
def taught(encoder: Encoder) -> Taught:
    return teach(past(), encoder)


def test_an_unsure_complaint_is_answered_by_words_and_encoder_together(taught: Taught, encoder: Encoder) -> None:
    unsure = complaint("")
    (alone,) = taught.dispositions(None).rank([unsure])
    (both,) = taught.dispositions(encoder).rank([unsure])
    assert alone.best.p < 0.8
    assert both.by == f"{alone.by}+{encoder.name}"
    assert sum(answer.p for answer in both.answers) == pytest.approx(1)


def test_what_the_words_are_sure_of_stands_unless_everything_is_encoded(taught: Taught, encoder: Encoder) -> None:
    sure = complaint("jalan kemarin rt 3")
    (alone,) = taught.dispositions(None).rank([sure])
    assert alone.best.p >= 0.8
    assert taught.dispositions(encoder).rank([sure]) == [alone]
    (both,) = taught.dispositions(encoder, everything=True).rank([sure])
    assert both.by != alone.by
    assert both.best.label == ROADS
    assert {span.text for span in both.best.evidence} & {"jalan", "kemarin"}


def test_an_answer_does_not_turn_on_the_company_a_complaint_is_asked_in(taught: Taught, encoder: Encoder) -> None:
    asked = [complaint(x.text) for x in past(40)]
    model = taught.dispositions(encoder, everything=True)
    assert model.rank(asked) == [ranking for one in asked for ranking in model.rank([one])]


def test_the_same_complaints_give_the_same_opinion(taught: Taught, encoder: Encoder) -> None:
    again = teach(past(), encoder)
    assert taught.opinion is not None
    assert again.opinion is not None
    assert np.array_equal(again.opinion.weight, taught.opinion.weight)
    assert again.opinion.pool == taught.opinion.pool


def test_the_opinion_stands_in_the_file_of_the_words(taught: Taught, encoder: Encoder, tmp_path: Path) -> None:
    file = tmp_path / "x.npz"
    write_dispositions(taught.weights, file, opinion=taught.opinion, say=lambda _: None)
    read = load_opinion(file)
    assert read is not None
    assert taught.opinion is not None
    assert (read.encoder, read.labels, read.pool) == (encoder.name, taught.opinion.labels, taught.opinion.pool)
    seen = seen_by(encoder, ["jalan rusak"])
    assert read.shares(seen) == pytest.approx(taught.opinion.shares(seen), abs=1e-5)
    assert load_dispositions(file).labels == (ROADS, LAMPS)


def test_a_file_of_words_alone_holds_no_opinion(taught: Taught, tmp_path: Path) -> None:
    write_dispositions(taught.weights, tmp_path / "x.npz", say=lambda _: None)
    assert load_opinion(tmp_path / "x.npz") is None


def test_an_opinion_with_a_part_missing_is_refused(taught: Taught, tmp_path: Path) -> None:
    assert taught.opinion is not None
    beside = taught.opinion.arrays()
    del beside["opinion.bias"]
    save_weights(taught.weights, tmp_path / "x.npz", beside=beside)
    with pytest.raises(CatalogueError, match="train again"):
        load_opinion(tmp_path / "x.npz")


def test_the_addressed_agency_is_not_encoded(encoder: Encoder) -> None:
    named, plain = seen_by(encoder, ["Yth. Dinas jalan, lampu padam"]), seen_by(encoder, [" , lampu padam"])
    assert named == pytest.approx(plain, abs=1e-6)


def test_an_encoder_that_sees_nothing_in_a_regions_words_is_not_heard(encoder: Encoder) -> None:
    rows = [Disposition(f"{'kolo' if n % 2 else 'koli'} beda{n}", LAMPS if n % 2 else ROADS) for n in range(600)]
    assert teach(rows, encoder).opinion is None


def test_with_too_few_complaints_to_ask_there_is_no_opinion(encoder: Encoder) -> None:
    assert teach(past(240), encoder).opinion is None

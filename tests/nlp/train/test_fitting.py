from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import Refused
from nlp.deciders import Task
from nlp.linear.decider import LinearDecider
from nlp.linear.dispositions import Dispositions, complaint, load_dispositions, without_addressee
from nlp.train.dispositions import Disposition, ExportMap, fit, read_map
from nlp.train.examples import Example, heard
from nlp.train.fit import fit_temperature
from nlp.train.main import fit_reading
from nlp.train.region import train_dispositions

pytest.importorskip("sklearn", reason="needs the extra `train`")

ROADS = [f"jalan {x} berlubang parah tolong diaspal" for x in ("poros", "desa", "raya", "gang", "baru", "lama")]
LAMPS = [f"lampu jalan {x} padam gelap sekali" for x in ("poros", "desa", "raya", "gang", "baru", "lama")]


def silent(_: str) -> None:
    """Say nothing."""


def small_corpus() -> list[Example]:
    return [
        *(Example(x, "seeds", "pengaduan", "jalan.rusak", "negatif") for x in ROADS),
        *(Example(x, "seeds", "aspirasi", "penerangan.pju", "netral") for x in LAMPS),
        *(Example(f"{x} terima kasih", "seeds", "apresiasi", "jalan.rusak", "positif") for x in ROADS),
    ]


def test_a_fitted_model_answers_what_it_was_taught() -> None:
    weights = fit_reading(small_corpus(), seed=1, say=silent)
    decider = LinearDecider(weights)
    (answer,) = decider.decide(heard([Example("lampu di jalan baru padam", "x")]))
    assert answer[Task.TOPIC].best.label == "penerangan.pju"


def test_the_same_data_and_seed_give_the_same_weights() -> None:
    first, second = (fit_reading(small_corpus(), seed=1, say=silent) for _ in range(2))
    assert first.vocabulary == second.vocabulary
    for a, b in zip(first.heads, second.heads, strict=True):
        assert np.array_equal(a.weight, b.weight)
        assert a.temperature == b.temperature


def test_temperature_makes_an_overconfident_model_modest() -> None:
    gold = ["a", "a", "b", "b"] * 5
    scores = np.array([[9.0, -9.0], [9.0, -9.0], [-9.0, 9.0], [9.0, -9.0]] * 5)
    assert fit_temperature(scores, gold, ("a", "b"), np.ones(len(gold))) > 1


def export(count: int = 240) -> list[Disposition]:
    rows = []
    for n in range(count):
        road = n % 2 == 0
        text = f"{ROADS[n % 6] if road else LAMPS[n % 6]} rt {n}"
        rows.append(Disposition(text, "Dinas PU" if road else "Dinas Perhubungan", place="Selong" if road else ""))
    return rows


def test_a_region_learns_its_own_dispositions() -> None:
    model = Dispositions(fit(export()))
    road, lamp = model.rank([complaint("Jalan berlubang di kampung kami"), complaint("lampu padam", "Selong")])
    assert road.best.label == "Dinas PU"
    assert {span.text for span in road.best.evidence} & {"Jalan", "berlubang"}
    assert lamp.best.label == "Dinas Perhubungan"


def test_too_few_complaints_are_refused_with_how_many_it_takes() -> None:
    with pytest.raises(Refused, match="200"):
        fit(export(20))


@pytest.mark.parametrize(
    "words",
    [
        "Yth. Dinas Perhubungan Kabupaten. Lampu mati",
        "Kepada Yth Bapak Kepala Dinas PU\nlampu mati",
        "yth dishub, lampu mati",
    ],
)
def test_the_addressed_agency_is_not_read(words: str) -> None:
    read = without_addressee(words)
    assert len(read) == len(words)
    assert "lampu mati" in read.lower()
    assert not {"dinas", "dishub", "perhubungan"} & set(read.lower().replace(",", " ").replace(".", " ").split())


def test_an_export_is_learnt_from_by_its_map(tmp_path: Path) -> None:
    lines = ["isi,tujuan,alamat", *(f'"{x.text}",{x.agency} {n % 3},{x.place}' for n, x in enumerate(export()))]
    (tmp_path / "e.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "m.toml").write_text(
        '[columns]\ntext = "isi"\nagency = "tujuan"\nplace = "alamat"\n'
        '[agencies]\n"Dinas PU *" = "PUPR"\n"Dinas P*" = "DISHUB"\n',
        encoding="utf-8",
    )
    into = tmp_path / "home" / "dispositions" / "x.npz"
    size = train_dispositions(tmp_path / "e.csv", tmp_path / "m.toml", into, say=silent)
    assert size == into.stat().st_size
    (ranking,) = load_dispositions(into).rank([complaint("jalan berlubang")])
    assert ranking.best.label == "PUPR"


def test_a_map_without_the_needed_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[columns]\ntext = "isi"\n', encoding="utf-8")
    with pytest.raises(Refused, match="agency"):
        read_map(tmp_path / "m.toml")
    with pytest.raises(Refused, match="tidak-ada"):
        train_dispositions(tmp_path / "tidak-ada.csv", _map(tmp_path), tmp_path / "w.npz", say=silent)


def _map(folder: Path) -> Path:
    path = folder / "ok.toml"
    path.write_text('[columns]\ntext = "isi"\nagency = "tujuan"\n', encoding="utf-8")
    return path


def test_agencies_are_joined_by_pattern() -> None:
    joined = ExportMap({}, {"Kelurahan *": "KELURAHAN"})
    assert joined.agency(" Kelurahan Gubeng ") == "KELURAHAN"
    assert joined.agency("Dinas Sosial") == "Dinas Sosial"

"""What the command line says to wrong input: one Indonesian sentence on standard error, exit 1, never a traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from jaring.__main__ import main

REGION = "lombok-barat"


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JARING_HOME", str(tmp_path / "home"))
    for name in ("JARING_REGIONS", "JARING_DATABASE_URL", "JARING_SEARCH_URL"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["jaring", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, told.out, told.err)

    return command


@pytest.fixture
def files(tmp_path: Path) -> None:
    (tmp_path / "biner.jsonl").write_bytes(bytes(range(128, 256)))
    (tmp_path / "berkas").write_text("bukan folder")
    (tmp_path / "baik.jsonl").write_text('{"text": "jalan rusak"}\n')
    (tmp_path / "aduan.csv").write_text("id,teks\n1,Jalan rusak\n")
    (tmp_path / "tanpa-teks.toml").write_text('[columns]\ntitle = "x"\n')
    (tmp_path / "asing.toml").write_text('[columns]\ntext = "teks"\nfoo = "x"\n')


IMPORT = ("import", "aduan.csv", "--region", REGION, "--map")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("analyze", "--region", "antah", "--in", "baik.jsonl"), "Wilayah antah tidak dikenal; yang ada: kota-beng"),
        (("analyze", "--region", REGION, "--in", "biner.jsonl"), "bukan teks UTF-8"),
        (("analyze", "--region", REGION, "--in", "baik.jsonl", "--out", "tidak/ada"), "tidak/ada tidak dapat dibuka"),
        ((*IMPORT, "tanpa-teks.toml"), "tanpa-teks.toml: columns.text wajib diisi"),
        ((*IMPORT, "asing.toml"), "kunci columns.foo tidak dikenal"),
        ((*IMPORT, "umum", "--source", "../x"), "Kunci sumber ../x tidak dapat dipakai"),
        (("reanalyze", "--region", "antah"), "Wilayah antah tidak dilayani"),
        (("quarantine", "replay", "99"), "Nomor 99 tidak ada dalam karantina"),
        (("region", "check", "berkas"), "berkas bukan folder wilayah"),
        (("region", "new", "Besar", "--kode", "52.08"), "Besar tidak dapat menjadi nama wilayah"),
        (("region", "new", "baru", "--kode", "99.99"), "Tidak ada provinsi, kabupaten, atau kota berkode 99.99"),
        (("sources", "add", "bukan alamat", "--region", REGION), "bukan alamat bukan alamat situs"),
        (("sources", "add", "", "--region", REGION), "(kosong) bukan alamat situs"),
        (("user", "add", "a", "--role", "penghubung", "--opd", "GAIB"), "OPD GAIB tidak ada di lombok-barat"),
        (("user", "add", "a", "--role", "kades", "--area", "99.99"), "Kode wilayah 99.99 tidak ada di lombok-barat"),
        (("user", "add", "a", "--role", "analis", "--region", "antah"), "Wilayah antah tidak dilayani"),
        (("restore", "tidak-ada"), "Cadangan tidak-ada tidak dapat dibaca"),
    ],
)
def test_wrong_input_is_told_in_one_sentence(run: Run, words: tuple[str, ...], said: str) -> None:
    told = run(*words)
    assert told.code == 1
    assert said in told.err
    assert told.out == ""
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("JARING_PORT", "abc", "JARING_PORT tidak dapat dipakai: JARING_PORT = 'abc' bukan bilangan bulat"),
        ("JARING_PORT", "0", "di luar batas (paling kecil 1)"),
        ("JARING_REGIONS", ",", "JARING_REGIONS tidak boleh kosong"),
        ("JARING_REGIONS", "antah", "Wilayah antah tidak dikenal"),
        ("JARING_DATABASE_URL", "banana", "JARING_DATABASE_URL tidak terbaca"),
        ("JARING_LOG_LEVEL", "x", "pilih salah satu dari"),
    ],
)
def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    told = run("sources")
    assert (told.code, told.out) == (1, "")
    assert said in told.err.replace("\n", " ")


def test_a_database_that_is_none_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bukan.sqlite").write_bytes(bytes(range(256)) * 20)
    monkeypatch.setenv("JARING_DATABASE_URL", f"sqlite:///{tmp_path / 'bukan.sqlite'}")
    told = run("status", "--json")
    assert (told.code, told.out) == (1, "")
    assert "bukan berkas SQLite atau rusak" in told.err


def test_private_words_of_a_bad_line_are_not_repeated(run: Run, tmp_path: Path) -> None:
    (tmp_path / "j.jsonl").write_text('{"text": 5201010101010001}\n{"text": "a", "published_at": "081234567890 x"}\n')
    told = run("analyze", "--region", REGION, "--in", "j.jsonl")
    assert told.code == 1
    assert "baris 1" in told.err
    assert "5201010101010001" not in told.err
    assert "081234567890" not in told.err


def test_a_table_in_a_pipe_has_one_line_for_each_row(run: Run) -> None:
    listed = [row["key"] for row in json.loads(run("sources", "--json").out)]
    _, *lines = run("sources").out.rstrip().splitlines()
    assert listed
    assert [line.split()[0] for line in lines] == listed


def test_an_agency_may_be_named_with_its_region(run: Run) -> None:
    assert run("user", "add", "sari", "--role", "penghubung", "--opd", f"{REGION}/PUTR").code == 0
    (sari,) = json.loads(run("user", "list", "--json").out)
    assert (sari["regions"], sari["opds"]) == ([REGION], [f"{REGION}/PUTR"])


def test_a_token_for_a_closed_account_is_refused(run: Run) -> None:
    run("user", "add", "sari", "--role", "analis")
    run("user", "disable", "sari")
    told = run("token", "add", "--user", "sari")
    assert (told.code, told.out) == (1, "")
    assert "nonaktif" in told.err


def test_truth_without_its_keys_is_refused_and_gets_no_new_ones(run: Run, tmp_path: Path) -> None:
    run("user", "add", "sari", "--role", "analis")
    (tmp_path / "home" / "keys" / "0001.key").rename(tmp_path / "0001.key")
    told = run("status", "--json")
    assert (told.code, told.out) == (1, "")
    assert "pulihkan berkas *.key" in told.err
    assert not list((tmp_path / "home" / "keys").iterdir())
    assert run("doctor").code == 1
    (tmp_path / "0001.key").rename(tmp_path / "home" / "keys" / "0001.key")
    assert run("status", "--json").code == 0

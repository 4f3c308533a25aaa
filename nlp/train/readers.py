"""Readers of the data sets that stand beside the project: each turns one set into `Example`s, and copies nothing.

Weights say how near a set is to what the models will read: complaints about one city weigh less than seeds
because they are many; reviews and translated tweets teach feeling, not government.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from domain.errors import SettingsError
from domain.labels import Intent, Sentiment
from domain.taxonomy import load_taxonomy
from nlp.train.examples import Example

SURABAYA = Path("complaints/surabaya_2022_to_2023-02.csv")
DINSOS = Path("complaints/dinsos_jatim_rzqthya/dinsos_jatim_2022_2023_masked.csv")
BANDUNG = Path("social/bandung_tweets_a.csv")
SMSA = Path("sentiment/indonlu/smsa_doc-sentiment-prosa")
NUSAX = Path("sentiment/nusax")
NUSAWRITES = Path("sentiment/nusawrites")
SAPAWARGA = Path("complaints/keluhan_naufalpf/keluhan_sapawarga_sby_2017.csv")
CITIZENS = Path("social/ner_citizen_reports_ysfii/tweets_isu_publik_2023_2025.csv")
SEARCH = Path("search/idkmrc")

_FEELINGS = {"positive": Sentiment.POSITIVE, "neutral": Sentiment.NEUTRAL, "negative": Sentiment.NEGATIVE}
_TWEETS = {"Keluhan": Intent.COMPLAINT, "Bukan": Intent.OTHER, "Respon": Intent.OTHER}


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set by its name in the model card, what may be done with it, and how it is read."""

    name: str
    licence: str
    teaches: str
    read: Callable[[Path], Iterator[Example]]


def rows(path: Path, *, delimiter: str = ",", names: tuple[str, ...] | None = None) -> Iterator[dict[str, str]]:
    """Yield the rows of a table.

    Raises:
        SettingsError: the file is not there or cannot be read.
    """
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            if delimiter == ",":
                yield from csv.DictReader(file)
            else:
                yield from csv.DictReader(file, fieldnames=names, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    except OSError as cause:
        raise SettingsError(
            f"{path}: cannot be read ({cause.strerror}); --data names the folder of the data sets"
        ) from cause


def surabaya_topics() -> dict[str, str]:
    """Return the city's category names that say what a complaint is about, each with our topic."""
    text = files("nlp.train").joinpath("maps/surabaya_topics.toml").read_text(encoding="utf-8")
    return {name: topic for topic, names in tomllib.loads(text)["topics"].items() for name in names}


def surabaya(data: Path) -> Iterator[Example]:
    """Complaints of one city with its categories; intent and feeling are not told."""
    topics = surabaya_topics()
    for row in rows(data / SURABAYA):
        topic = topics.get(row["topik"].strip())
        if topic and row["keluhan"].strip():
            yield Example(row["keluhan"], "surabaya", topic=topic)


def dinsos(data: Path) -> Iterator[Example]:
    """Reports to one social affairs office: nearly all about aid that did not come."""
    for row in rows(data / DINSOS):
        if row["Isi Laporan Akhir"].strip():
            yield Example(row["Isi Laporan Akhir"], "dinsos", topic="bansos.penyaluran")


def bandung(data: Path) -> Iterator[Example]:
    """Tweets to a mayor: complaint, answer, or neither."""
    for row in rows(data / BANDUNG):
        if row["jenis"] in _TWEETS:
            yield Example(row["tweet"], "bandung", intent=_TWEETS[row["jenis"]].value)


def smsa(data: Path, part: str = "train") -> Iterator[Example]:
    """Reviews and comments with a feeling."""
    for row in rows(data / SMSA / f"{part}_preprocess.tsv", delimiter="\t", names=("text", "label")):
        yield Example(row["text"], "smsa", sentiment=_FEELINGS[row["label"]].value)


def nusax(data: Path, part: str = "train", *, languages: frozenset[str] | None = None) -> Iterator[Example]:
    """Translated posts in twelve languages. Indonesian is left out unless asked for: it overlaps SmSA."""
    for folder in sorted((data / NUSAX).iterdir()):
        wanted = folder.name in languages if languages is not None else folder.name != "indonesian"
        if folder.is_dir() and wanted:
            for row in rows(folder / f"{part}.csv"):
                yield Example(row["text"], f"nusax/{folder.name}", sentiment=_FEELINGS[row["label"]].value)


def nusawrites(data: Path, part: str = "train", *, language: str = "*") -> Iterator[Example]:
    """Translated posts in Rejang (rej), Musi, Bima and Minangkabau, without neutral ones."""
    for path in sorted((data / NUSAWRITES).glob(f"nusa_kalimat-senti-{language}-{part}.csv")):
        for row in rows(path):
            yield Example(row["text"], "nusawrites", sentiment=_FEELINGS[row["label"]].value)


def taxonomy_phrases() -> Iterator[Example]:
    """The taxonomy's own words: each phrase of a topic's description, and its name."""
    for topic in load_taxonomy().topics:
        for phrase in (topic.name, topic.about, *topic.about.split(",")):
            yield Example(phrase.strip(), "taxonomy", topic=topic.code)


DATA_SETS = (
    DataSet(
        "Surabaya complaints 2022-01..2023-02 (KeluhCerdas)",
        "none stated: training and measuring only",
        "topic",
        surabaya,
    ),
    DataSet("Dinsos Jatim SP4N reports 2022-2023", "none stated: training and measuring only", "topic", dinsos),
    DataSet("Bandung complaint tweets 2015-2016, half", "none stated: training and measuring only", "intent", bandung),
    DataSet("IndoNLU SmSA train", "Apache-2.0", "sentiment", smsa),
    DataSet("NusaX sentiment train, without Indonesian", "CC-BY-SA-4.0", "sentiment", nusax),
    DataSet("NusaWrites sentiment train (rej, mui, bhp, min)", "Apache-2.0", "sentiment", nusawrites),
)


def posts_without_labels(data: Path) -> Iterator[str]:
    """Posts of citizens that nobody labelled: messages to a city's desk 2015-2017, and tweets about roads and lamps."""
    for path, column in ((SAPAWARGA, "keluhan"), (CITIZENS, "text")):
        if (data / path).is_file():
            yield from (words for row in rows(data / path) if (words := (row[column] or "").strip()))

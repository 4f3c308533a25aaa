"""The taxonomy that ships, and what its loader refuses."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from domain.errors import CatalogueError, NotFound
from domain.taxonomy import load_taxonomy, parse_taxonomy

TEXT = files("domain.taxonomy").joinpath("taxonomy.toml").read_text(encoding="utf-8")


def test_the_shipped_taxonomy_loads_and_every_main_topic_has_topics() -> None:
    taxonomy = load_taxonomy()
    assert len(taxonomy.topics) == len(set(taxonomy.topic_codes)) >= 90
    assert all(taxonomy.topics_of(main.code) for main in taxonomy.main)


def test_a_topic_knows_its_main_topic_and_its_affair() -> None:
    taxonomy = load_taxonomy()
    topic = taxonomy.topic("jalan.rusak")
    assert taxonomy.main_topic(topic.main).name == "Jalan dan jembatan"
    assert taxonomy.affair(topic.urusan).kind == "wajib-dasar"


def test_an_unknown_topic_is_not_found() -> None:
    with pytest.raises(NotFound, match=re.escape("jalan.terbang")):
        load_taxonomy().topic("jalan.terbang")


def test_loading_twice_reads_once() -> None:
    assert load_taxonomy() is load_taxonomy()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('urusan = "pupr", sp4n', 'urusan = "pekerjaan", sp4n', "no urusan pekerjaan"),
        ('code = "jalan.rusak"', 'code = "jalur.rusak"', "no main topic jalur"),
        ('code = "jalan.jembatan"', 'code = "jalan.rusak"', "code used twice: jalan.rusak"),
        ('sla = "darurat"', 'sla = "nanti"', "sla"),
        ("topic = [", "topik = [", "topic"),
        ("urusan = [", "urusan = ", "tidak dapat dipakai"),
    ],
)
def test_a_taxonomy_that_does_not_hold_together_is_refused(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(CatalogueError, match=re.escape(said)):
        parse_taxonomy(TEXT.replace(old, new, 1))


def test_the_version_changes_with_the_text() -> None:
    assert parse_taxonomy(TEXT).version != parse_taxonomy(TEXT + "\n# reread\n").version

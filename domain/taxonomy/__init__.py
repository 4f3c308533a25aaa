"""The one taxonomy of every region: affairs of government, main topics, topics. Read from `taxonomy.toml`, pure."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

from pydantic import ValidationError, model_validator

from domain.errors import CatalogueError, NotFound
from domain.posts import Frozen

SlaClass = Literal["biasa", "cepat", "darurat", "pengawasan"]
Owner = Literal["daerah", "desa", "provinsi", "pusat", "bumn", "bumd"]
"""Who usually owns a topic's matter; "daerah" is the regency, city or province itself."""


class Urusan(Frozen):
    """A government affair of Law 23/2014, or a service outside it that people complain about."""

    code: str
    kind: Literal["wajib-dasar", "wajib", "pilihan", "penunjang", "layanan", "absolut"]
    name: str


class MainTopic(Frozen):
    """A heading over topics. `name` is Indonesian, `en` English."""

    code: str
    name: str
    en: str


class Topic(Frozen):
    """What a post is about. `code` is "main.leaf"; `about` describes it in the words people use."""

    code: str
    name: str
    en: str
    urusan: str
    sp4n: str
    sla: SlaClass
    authority: Owner
    about: str

    @property
    def main(self) -> str:
        """Code of the main topic."""
        return self.code.partition(".")[0]


_Coded = TypeVar("_Coded", Urusan, MainTopic, Topic)


class Taxonomy(Frozen):
    """All entries in the file's order. `version` changes with any change of the file."""

    urusan: tuple[Urusan, ...]
    main: tuple[MainTopic, ...]
    topics: tuple[Topic, ...]
    version: str

    def topic(self, code: str) -> Topic:
        """The topic of that code; NotFound where there is none."""
        return _by_code(self.topics, code, "topic")

    def main_topic(self, code: str) -> MainTopic:
        """The main topic of that code; NotFound where there is none."""
        return _by_code(self.main, code, "main topic")

    def affair(self, code: str) -> Urusan:
        """The urusan of that code; NotFound where there is none."""
        return _by_code(self.urusan, code, "urusan")

    def topics_of(self, main: str) -> tuple[Topic, ...]:
        """Topics under a main topic, in the file's order; empty for an unknown one."""
        return tuple(topic for topic in self.topics if topic.main == main)

    @property
    def topic_codes(self) -> tuple[str, ...]:
        """All topic codes in the file's order."""
        return tuple(topic.code for topic in self.topics)

    @model_validator(mode="after")
    def _holds_together(self) -> Taxonomy:
        """Codes are unique, topics stand under a known main topic and urusan, no main topic is bare."""
        affairs, mains = {u.code for u in self.urusan}, {m.code for m in self.main}
        for entries in (self.urusan, self.main, self.topics):
            codes = [entry.code for entry in entries]
            if twice := {code for code in codes if codes.count(code) > 1}:
                raise ValueError(f"code used twice: {', '.join(sorted(twice))}")
        for topic in self.topics:
            if topic.urusan not in affairs:
                raise ValueError(f"topic {topic.code}: no urusan {topic.urusan}")
            if topic.main not in mains or topic.main == topic.code:
                raise ValueError(f"topic {topic.code}: no main topic {topic.main}")
        if bare := mains - {topic.main for topic in self.topics}:
            raise ValueError(f"main topic without a topic: {', '.join(sorted(bare))}")
        return self


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy of this version of Jaring, read once. CatalogueError when the file is broken."""
    return parse_taxonomy(files(__package__).joinpath("taxonomy.toml").read_text(encoding="utf-8"))


def parse_taxonomy(text: str) -> Taxonomy:
    """A taxonomy from the text of a `taxonomy.toml`. CatalogueError says what is wrong with it."""
    try:
        tables = tomllib.loads(text)
        return Taxonomy(
            urusan=tables["urusan"],
            main=tables["main"],
            topics=tables["topic"],
            version=hashlib.sha256(text.encode()).hexdigest()[:12],
        )
    except (tomllib.TOMLDecodeError, KeyError, ValidationError) as cause:
        raise CatalogueError(f"taxonomy.toml tidak dapat dipakai: {cause}") from cause


def _by_code(entries: tuple[_Coded, ...], code: str, what: str) -> _Coded:
    for entry in entries:
        if entry.code == code:
            return entry
    raise NotFound(f"Taksonomi tidak memuat {what} {code}.")

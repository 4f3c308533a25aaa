"""Who owns a matter by law: a table of rules over topics and words. Read from `rules.toml`, pure."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from domain.errors import CatalogueError
from domain.posts import Frozen
from domain.taxonomy import load_taxonomy

Owner = Literal["desa", "setempat", "daerah", "provinsi", "pusat", "bumn", "bumd"]
"""Who owns a rule's matter: "setempat" is the regency or city, "daerah" whichever region is asked."""


class Measure(Frozen):
    """A number with its unit that the words must hold: `least <= number < below`."""

    unit: str  # a regular expression: "ha|hektare?"
    least: float = 0.0
    below: float = float("inf")

    def holds(self, words: str) -> bool:
        """Whether a number of that size stands before the unit; points part thousands."""
        numbers = re.findall(rf"\b(\d+(?:\.\d{{3}})*)(?:,\d+)?\s?(?:{self.unit})\b", words)
        return any(self.least <= float(found.replace(".", "")) < self.below for found in numbers)


class Rule(Frozen):
    """One rule: for these topics, where one of the cues stands in the words, that level owns the matter.

    A rule without cues says why the topics' usual owner owns them.
    """

    key: str
    topics: tuple[str, ...]  # codes, main topics, or "*"
    cues: tuple[str, ...] = ()  # regular expressions over lower-case words, each between word boundaries
    unless: tuple[str, ...] = ()  # the same; one of them in the words lifts the rule
    measure: Measure | None = None
    levels: tuple[Literal["kabupaten", "kota", "provinsi"], ...] = ("kabupaten", "kota", "provinsi")  # of the region
    owner: Owner
    agencies: tuple[str, ...] = ()  # codes: the first that the region has answers, before the region's own map
    why: str  # what people read
    law: str  # where that stands

    @property
    def reason(self) -> str:
        """What people read, with the law."""
        return f"{self.why} ({self.law})"

    def speaks_of(self, topic: str) -> bool:
        """Whether the rule is about a topic."""
        return "*" in self.topics or topic in self.topics or topic.partition(".")[0] in self.topics

    def cue_in(self, words: str) -> str | None:
        """The words that call for the rule, or None. A rule without cues is never called for."""
        found = _pattern(self.cues).search(words) if self.cues else None
        if found is None or (self.unless and _pattern(self.unless).search(words)):
            return None
        return found.group(0) if self.measure is None or self.measure.holds(words) else None


class Jurisdiction(Frozen):
    """All rules in the file's order: the first that fits decides."""

    rules: tuple[Rule, ...] = Field(min_length=1)

    def of_topic(self, topic: str, level: str) -> tuple[Rule, ...]:
        """The rules that may decide a topic in a region of that level, in order."""
        return tuple(rule for rule in self.rules if rule.speaks_of(topic) and level in rule.levels)

    @model_validator(mode="after")
    def _holds_together(self) -> Jurisdiction:
        """Keys are unique, topics known, cues readable; a rule without cues agrees with the taxonomy."""
        taxonomy = load_taxonomy()
        known = {"*", *taxonomy.topic_codes, *(main.code for main in taxonomy.main)}
        keys = [rule.key for rule in self.rules]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"key used twice: {', '.join(sorted(twice))}")
        for rule in self.rules:
            if strange := set(rule.topics) - known:
                raise ValueError(f"rule {rule.key}: no topic {', '.join(sorted(strange))}")
            for topic in taxonomy.topics:
                if not rule.cues and rule.speaks_of(topic.code) and topic.authority != rule.owner:
                    raise ValueError(f"rule {rule.key}: {topic.code} belongs to {topic.authority}, not {rule.owner}")
            for cues in filter(None, (rule.cues, rule.unless)):
                try:
                    _pattern(cues)
                except re.error as cause:
                    raise ValueError(f"rule {rule.key}: {cause}") from cause
        return self


@cache
def load_jurisdiction() -> Jurisdiction:
    """The rules of this version of Jaring, read once. CatalogueError when the file is broken."""
    return parse_jurisdiction(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))


def parse_jurisdiction(text: str) -> Jurisdiction:
    """Rules from the text of a `rules.toml`. CatalogueError says what is wrong with it."""
    try:
        return Jurisdiction(rules=tomllib.loads(text)["rule"])
    except (tomllib.TOMLDecodeError, KeyError, ValidationError) as cause:
        raise CatalogueError(f"domain/jurisdiction/rules.toml tidak dapat dipakai: {cause}") from cause


@cache
def _pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])(?:{'|'.join(cues)})(?![\w])")

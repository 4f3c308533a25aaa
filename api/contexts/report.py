"""The public form, the page that asks for a code, and how a report stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.contexts.post import Option


@dataclass(frozen=True, slots=True)
class ReportView:
    """The form. `values` are the fields as typed, `errors` what is wrong with them, by the field's name."""

    region: str
    name: str
    token: str  # what a sent form must bring back: its number, when it was shown, our mark
    values: Mapping[str, str]
    districts: tuple[Option, ...]
    most_text: int
    most_photos: int
    photo_megabytes: int
    errors: Mapping[str, str]
    notice: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class AskView:
    """Where somebody types a code, and the forms there are: address and region."""

    forms: tuple[Option, ...]
    typed: str = ""
    wrong: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a report's way. `at` is "done", "now" or "next"."""

    title: str
    when: str
    at: str


@dataclass(frozen=True, slots=True)
class WordsView:
    """Words that were written for the reporter."""

    title: str
    words: str
    when: str


@dataclass(frozen=True, slots=True)
class StandingView:
    """How a report stands: in a word, in a sentence, and step by step."""

    code: str
    region: str
    fresh: bool  # it was sent a moment ago
    state: str
    sentence: str
    tone: str  # "", "done" or "shut": a report that goes no further
    steps: tuple[StepView, ...]
    words: tuple[WordsView, ...]
    here: str
    form: str = ""  # where to write another one, while the form is open

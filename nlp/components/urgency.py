"""How soon somebody must act, with the words that say so; what is over, feared or proposed is not happening.

The rules' level weighs together with what the linear decider, and the encoder where it read the post, make of the
whole: danger is told in more words than any list holds.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from spacy.language import Language
from spacy.tokens import Doc

from domain.labels import Urgency
from domain.reading import Span
from domain.text.tokens import Token, tokenize
from nlp.asking import BATCH, FAST, register_deciders
from nlp.deciders import Task
from nlp.document import notes_of
from nlp.leaning import Leans, Signs
from nlp.linear.decider import LinearDecider
from nlp.phrases import Match, Phrases, span_of

register_deciders()

_REACH = 4  # tokens before a danger in which "kalau", "takut", "jangan sampai" make it a thought
_DENIALS = frozenset(["tidak", "tak", "bukan", "tanpa", "ndak", "ndek", "dak", "idak", "nihil", "dasar"])
_OPENING = 12  # tokens in which a post says what it wants; thanks at its end are manners
_NEAR_NEED = 6  # tokens between what fails and its failing
_DURATION = re.compile(
    r" (?:\w+ )?(?:\d+|dua|tiga|empat|lima|enam|tujuh|telu|tigo|duo|se|berhari|seminggu|sebulan|sabulan)(?: \w+)?"
    r" ?(?:hari|minggu|bulan|jelo|pekan|kali|x|malam)\w* | berhari| berminggu| berbulan| seminggu | sebulan | sabulan "
    r"| dari hari | sejak hari | sejak kemarin | dari kemarin | terus | \d+x "
)
_SENTENCE = re.compile(r"[.!?\n;]")
_SHOUT = re.compile(r"!{2,}|\b[A-Z]{4,}\b(?:[^a-z\n]{0,3}\b[A-Z]{3,}\b)+")
_DATELINE = re.compile(r"(?:^|\n)[A-Z][A-Z ]{3,30}[,A-Za-z ]{0,20} ?[-–—] ")


@dataclass(frozen=True, slots=True)
class Pressing:
    """A level and the words that gave it; none for an ordinary matter."""

    urgency: Urgency
    cue: Span | None = None


@cache
def _phrases() -> Phrases[str]:
    lists = tomllib.loads((files("nlp") / "lexicons" / "urgency.toml").read_text("utf-8"))
    roles: dict[tuple[str, ...], list[str]] = {}
    for role, lines in lists.items():
        for line in lines.split("\n"):
            if line.strip():
                roles.setdefault(tuple(t.exact for t in tokenize(line)), []).append(role)
    return Phrases((words, " ".join(names)) for words, names in roles.items())


def urgency_of(words: str, tokens: Sequence[Token], stream: str) -> Pressing:
    """Return how pressing a post is by its words alone."""
    found: dict[str, list[Match[str]]] = {}
    for cue in _phrases().find(stream):
        for role in cue.value.split():
            found.setdefault(role, []).append(cue)
    if _PRESSES.isdisjoint(found):
        return Pressing(Urgency.ORDINARY)
    case = _Case(words, tokens, stream, found)
    if (match := case.emergency()) is not None:
        return Pressing(Urgency.EMERGENCY, span_of(words, tokens, match.first, match.after))
    if (match := case.pressing()) is not None:
        return Pressing(Urgency.PRESSING, span_of(words, tokens, match.first, match.after))
    return Pressing(Urgency.ORDINARY)


class _Case:
    """One post's cues by role, and what stands around them."""

    def __init__(self, words: str, tokens: Sequence[Token], stream: str, found: dict[str, list[Match[str]]]) -> None:
        self._words, self._tokens, self._stream, self._found = words, tokens, stream, found
        self._ends = [
            n + 1 for n in range(len(tokens) - 1) if _SENTENCE.search(words[tokens[n].end : tokens[n + 1].start])
        ]

    def emergency(self) -> Match[str] | None:
        """The words that say people are in danger now."""
        if "over" in self._found or _DATELINE.search(self._words):
            return None
        pleas = [m.after - m.first for m in self._found.get("plea", ())]
        push = ("now" in self._found) + min(2, max(pleas, default=0)) + bool(_SHOUT.search(self._words))
        perils = self._live("peril")
        burning = [m for m in self._live("event") if self._stream_of(m) in _BURNING]
        if perils and push >= 2 - bool(burning or len(perils) > 1):
            return perils[0]
        return burning[0] if burning and push >= 2 else None  # noqa: PLR2004  two signs that it is happening now

    def pressing(self) -> Match[str] | None:
        """The words that say that waiting does harm."""
        over = "over" in self._found
        opens = any(m.first < _OPENING for m in self._found.get("calm", ()))
        calm = opens and not self._found.keys() & {"now", "plea"}
        happening = not _HAPPENING.isdisjoint(self._found) or bool(_SHOUT.search(self._words))
        for role in ("peril", "harm", "threat", "event"):
            silent = (over and role != "harm") or (calm and role != "peril")
            live = [] if silent else self._live(role)
            if role == "event" and not happening:
                live = [m for m in live if self._stream_of(m) not in _RECURRING]
            if live:
                return live[0]
        return self._outage() or next(iter(self._found.get("deadline", ())), None)

    def _outage(self) -> Match[str] | None:
        """Water, light, medicine that have failed for long, or fail those who cannot wait."""
        if not (_DURATION.search(self._stream) or "frail" in self._found):
            return None
        street = not _STREET.isdisjoint(t.exact for t in self._tokens)
        for need in self._found.get("need", ()):
            if street and self._stream_of(need) == "lampu":
                continue
            for failing in self._found.get("failing", ()):
                apart = max(need.first, failing.first) - min(need.after, failing.after)
                if 0 <= apart <= (_NEAR_NEED if need.first < failing.first else 1) and not self._split(need, failing):
                    return Match(min(need.first, failing.first), max(need.after, failing.after), "outage")
        return None

    def _split(self, a: Match[str], b: Match[str]) -> bool:
        """Whether a sentence ends between two matches."""
        return any(min(a.after, b.after) <= e <= max(a.first, b.first) for e in self._ends)

    def _live(self, role: str) -> list[Match[str]]:
        """Matches of a role that are not denied, feared, proposed or past."""
        return [
            m
            for m in self._found.get(role, ())
            if not (self._denied(m) or self._thought(m) or (role == "event" and self._past(m)))
        ]

    def _denied(self, match: Match[str]) -> bool:
        before = [t.exact for t in self._tokens[max(0, match.first - 2) : match.first]]
        return not _DENIALS.isdisjoint(before)

    def _thought(self, match: Match[str]) -> bool:
        start = max([e for e in self._ends if e <= match.first], default=0)
        return any(start <= m.first and 0 <= match.first - m.after <= _REACH for m in self._found.get("maybe", ()))

    def _past(self, match: Match[str]) -> bool:
        if "now" in self._found:
            return False
        start = max([e for e in self._ends if e <= match.first], default=0)
        end = min([e for e in self._ends if e >= match.after], default=len(self._tokens))
        return any(start <= m.first and m.after <= end for m in self._found.get("past", ()))

    def _stream_of(self, match: Match[str]) -> str:
        return " ".join(t.exact for t in self._tokens[match.first : match.after])


# What comes with every rain or every week: pressing only when it is happening.
_RECURRING = frozenset(["banjir", "kecelakaan", "tabrakan", "meluap"])
_HAPPENING = frozenset(["now", "plea"])
_STREET = frozenset(["pju", "jalan", "jalanan", "taman", "merah", "lalu"])  # lamps that are not a household's light

# Events that need help at once even where nobody is said to be in them.
_BURNING = frozenset(
    [
        "kebakaran", "api membesar", "api besar", "api sudah besar", "api makin besar", "api gede", "banjir bandang",
        "tanah gerak", "gas bocor", "kebocoran gas", "harimau", "buaya", "tawuran", "bom", "air masuk rumah",
        "air sudah masuk rumah",
    ]
)  # fmt: skip


_RULES = 1.5  # what the rules' level counts in log-probability beside the linear decider's
_NEXT = 0.5  # share of it that counts for "mendesak" where the rules say "darurat"
_LEAST = 1e-3
_NOTHING_SAID = dict.fromkeys(Urgency, 1.0)
_PRESSES = frozenset({"peril", "event", "harm", "threat", "deadline", "need"})


def level(rules: Urgency, signs: Signs) -> Urgency:
    """Return the likeliest level by the rules and the models together."""
    if signs.linear is None and signs.encoder is None:
        return rules
    linear = signs.linear or _NOTHING_SAID

    def weight(label: Urgency) -> float:
        told = math.log(max(_LEAST, linear.get(label, 0.0)))
        if rules != Urgency.ORDINARY:
            told += _RULES * (label == rules)
            told += _RULES * _NEXT * (rules == Urgency.EMERGENCY and label == Urgency.PRESSING)
        if signs.encoder is None:
            return told
        return (1 - signs.share) * told + signs.share * math.log(max(_LEAST, signs.encoder.get(label, 0.0)))

    return max(Urgency, key=weight)


@Language.factory(
    "urgency",
    assigns=["doc._.urgency", "doc._.urgency_cue"],
    requires=["doc._.words", "doc._.tokens", "doc._.stream"],
    default_config={"decider": {"@misc": FAST}},
)
def create_urgency(nlp: Language, name: str, decider: LinearDecider) -> UrgencyReader:  # noqa: ARG001  spaCy's
    """Make the component."""
    return UrgencyReader(decider)


class UrgencyReader:
    """Writes the urgency and its cue: the rules' where they gave the level, else the words that pushed most."""

    by = "aturan-urgensi/3"

    def __init__(self, decider: LinearDecider) -> None:
        self._leans = Leans(decider, Task.URGENCY)

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Read a stream in batches, in order."""
        for doc in self._leans.asked(stream, batch_size=batch_size):
            given, signs = notes_of(doc), self._leans.signs(doc)
            told = urgency_of(given.words, given.tokens, given.stream)
            given.urgency = level(told.urgency, signs)
            given.urgency_cue = None
            if given.urgency != Urgency.ORDINARY:
                given.urgency_cue = told.cue or next(iter(self._leans.words_for(doc, given.urgency)), None)
            given.decided_by["urgency"] = "+".join((self.by, *signs.by))
            yield doc

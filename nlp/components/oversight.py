"""Is someone in office accused of graft, extortion or misconduct, and who (*berkadar pengawasan*).

Words that accuse weigh together with what the linear decider, and the encoder where it read the post, make of the whole
post: most accusations are told without any of the words. The threshold leans to yes: an accusation that the accused
reads does harm that cannot be undone, a complaint that waits at the oversight agency only costs time.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from domain.labels import Intent
from domain.reading import Oversight, Span
from domain.text.tokens import Token, tokenize
from nlp.asking import BATCH, FAST, register_deciders
from nlp.deciders import YES, Task
from nlp.document import Notes, notes_of
from nlp.leaning import Leans, Signs, log_odds
from nlp.linear.decider import LinearDecider
from nlp.phrases import Match, Phrases, longest, span_of

register_deciders()

ACCUSED = 0.5  # from here on a reading says that someone is accused
_RULES = 0.5  # what the words' weight counts in log-odds, beside those of the linear decider
_LINEAR = 1.5  # what its log-odds count: it learnt from careful labels, and is modest
_EVEN = 0.4  # log-odds taken off: accusations are rarer than among the posts learnt from
_ALONE = 3.2  # the same where the words stand alone
_COMPLAINS = 0.03  # who is less likely to complain at all accuses nobody: advertisements and thanks name sums, too
_SOMEBODY = 0.8  # weight of naming whom it may concern
_MONEY = 0.5  # weight of naming an amount
_AMOUNT = re.compile(r"(?i)\brp\.? ?\d|\b\d[\d.,]* ?(?:rb|ribu|jt|juta|persen|miliar|k)\b|\d ?%")
_FIGURE = re.compile(r"\d")
_ASKING = re.compile(r"(?i)\b(?:mau|numpang|izin|ijin|boleh) (?:ber)?(?:tanya|nanya)|\bapakah\b|\bsyarat(?:nya)?\b")
_ASKED = ("anya", "apakah", "syarat")  # one of which stands in every such question
_QUESTION = -1.2
_NO_DEED = 0.25  # of their weight remains where somebody, money or an audit is named, but nothing that was done
_EVIDENCE = 4  # spans shown
_ORDER = ("kades", "sekolah", "petugas", "opd")


class _Cue(NamedTuple):
    role: str
    weight: float


@cache
def _lexicon() -> tuple[Phrases[_Cue], Phrases[str]]:
    lists = tomllib.loads((files("nlp") / "lexicons" / "oversight.toml").read_text("utf-8"))
    actors = lists.pop("actors")
    cues = Phrases(
        (_exact(line), _Cue(role, group["weight"])) for role, group in lists.items() for line in _lines(group["words"])
    )
    return cues, Phrases((_exact(line), who) for who, lines in actors.items() for line in _lines(lines))


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _exact(phrase: str) -> list[str]:
    return [t.exact for t in tokenize(phrase)]


@dataclass(frozen=True, slots=True)
class Told:
    """What the words alone say: their weight towards an accusation, the cues that accuse, and who is named."""

    weight: float
    cues: tuple[Match[_Cue], ...]
    named: tuple[Match[str], ...]


def told_by(words: str, tokens: Sequence[Token], stream: str) -> Told:
    """Weigh the words of a post."""
    cues, actors = _lexicon()
    found = [*longest(cues.find(stream)), *_aid_cut(tokens)]
    named = longest(actors.find(stream))
    weight = sum(_strongest(found).values())
    weight += _SOMEBODY * bool(named) + _MONEY * _amount(words) + _QUESTION * _question(words)
    if weight > 0 and _HARD.isdisjoint(m.value.role for m in found):
        weight *= _NO_DEED
    hard = sorted((m for m in found if m.value.weight > 0), key=lambda m: -m.value.weight)
    return Told(weight, tuple(hard), tuple(named))


def probability(told: Told, signs: Signs) -> float:
    """Return how likely the post accuses somebody in office."""
    if signs.linear is None:
        odds = told.weight - _ALONE
    else:
        odds = _RULES * told.weight + _LINEAR * log_odds(signs.linear[YES]) - _EVEN
    if signs.encoder is not None:
        odds = (1 - signs.share) * odds + signs.share * log_odds(signs.encoder[YES])
    return 1 / (1 + math.exp(-odds))


def _amount(words: str) -> bool:
    """Whether an amount is named. Most posts have no figure, and their words need not be tried one by one."""
    return bool(_FIGURE.search(words) and _AMOUNT.search(words))


def _question(words: str) -> bool:
    """Whether something is asked, politely."""
    lower = words.lower()
    may = not words.isascii() or any(x in lower for x in _ASKED)  # other letters may stand for these
    return may and bool(_ASKING.search(words))


_AID = frozenset(
    ["blt", "bantuan", "bansos", "pkh", "bst", "bpnt", "honor", "honorer", "insentif", "zakat", "pip", "kip"]
)
_CUT = frozenset(["dipotong", "potong", "memotong", "pemotongan", "potongan", "disunat"])
_TREE = frozenset(["pohon", "ranting", "dahan", "rumput", "kabel", "bambu", "tanaman"])  # what is rightly cut
_BEGGING = frozenset(["mohon", "minta", "butuh", "perlu", "tolong"])  # "mohon bantuan": help is asked, none was given
_CUT_NEAR = 3  # tokens between the aid and its cutting: "BLT kami dipotong"


def _aid_cut(tokens: Sequence[Token]) -> list[Match[_Cue]]:
    """Return where aid or pay is said to be cut."""
    exact = [t.exact for t in tokens]
    if _CUT.isdisjoint(exact):
        return []
    cut = []
    for n, word in enumerate(exact):
        if word in _CUT and _TREE.isdisjoint(exact[n + 1 : n + 1 + _CUT_NEAR]):
            near = range(max(0, n - _CUT_NEAR), min(len(exact), n + _CUT_NEAR + 1))
            if any(exact[x] in _AID and (not x or exact[x - 1] not in _BEGGING) for x in near):
                cut.append(Match(n, n + 1, _Cue("graft", 2.0)))
    return cut


_HARD = frozenset(["graft", "misconduct", "gone", "paid", "unlawful", "oknum"])
_TWICE = {"paid", "unlawful", "proof", "gone"}  # roles whose second cue still adds to the first


def _strongest(found: Sequence[Match[_Cue]]) -> dict[tuple[str, int], float]:
    """Weight per role: repeating a word proves nothing new, a second different one a little."""
    weights: dict[tuple[str, int], float] = {}
    for match in found:
        role, weight = match.value
        if (role, 0) not in weights:
            weights[role, 0] = weight
        elif role in _TWICE:
            weights[role, 1] = weight * 0.6
    return weights


def _accused(named: Sequence[Match[str]], hard: Sequence[Match[_Cue]]) -> tuple[str, ...]:
    """Return who stands nearest to the gravest words; a school's own words tell of a school first."""
    if not named:
        return ()
    if sum(m.value == "sekolah" for m in named) > 1:
        return ("sekolah",)
    people = [m for m in named if m.after - m.first > 1 or m.value != "opd"] or list(named)
    at = hard[0].first if hard else 0
    nearest = min(people, key=lambda m: (abs(m.first - at), _ORDER.index(m.value)))
    return (nearest.value,)


def _spans(words: str, tokens: Sequence[Token], hard: Sequence[Match[_Cue]]) -> tuple[Span, ...]:
    shown = sorted(hard[:_EVIDENCE], key=lambda m: m.first)
    return tuple(span_of(words, tokens, m.first, m.after) for m in shown)


@Language.factory(
    "oversight",
    assigns=["doc._.oversight"],
    requires=["doc._.words", "doc._.tokens", "doc._.stream"],
    default_config={"decider": {"@misc": FAST}},
)
def create_oversight(nlp: Language, name: str, decider: LinearDecider) -> OversightReader:  # noqa: ARG001  spaCy's
    """Make the component."""
    return OversightReader(decider)


class OversightReader:
    """Writes the accusation, or None."""

    by = "aturan-pengawasan/3"

    def __init__(self, decider: LinearDecider) -> None:
        self._leans = Leans(decider, Task.OVERSIGHT)

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Read a stream in batches, in order."""
        for doc in self._leans.asked(stream, batch_size=batch_size):
            given, signs = notes_of(doc), self._leans.signs(doc)
            told = told_by(given.words, given.tokens, given.stream)
            p = probability(told, signs)
            accuses = p >= ACCUSED and self._complains(doc)
            given.oversight = self._accusation(doc, given, told, p) if accuses else None
            given.decided_by["oversight"] = "+".join((self.by, *signs.by))
            yield doc

    def _complains(self, doc: Doc) -> bool:
        likely = self._leans.chance(doc, Task.INTENT, Intent.COMPLAINT)
        return likely is None or likely >= _COMPLAINS

    def _accusation(self, doc: Doc, given: Notes, told: Told, p: float) -> Oversight:
        """The accusation with the words that make it: the lexicon's, else those that the linear decider heard."""
        evidence = _spans(given.words, given.tokens, told.cues) or self._leans.words_for(doc, YES)
        return Oversight(p=round(p, 3), accused=_accused(told.named, told.cues), evidence=evidence)

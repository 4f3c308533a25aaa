"""What may be the same as a report that is being recorded: shown to a person, who decides; never decided here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.finding import find
from api.parts import Parts
from api.visitors import Visitor
from domain.documents import PostDocument
from domain.regions import RegionProfile
from domain.search import Filters, Order, SearchQuery
from domain.text.tokens import tokenize
from domain.tickets import Ticket

LOOK_BACK: Final = timedelta(days=30)
SHORTEST: Final = 4  # letters: shorter words say little of a matter
MOST_WORDS: Final = 8  # that the search is asked for: the longest ones are the rarest; each more costs time
LOOKED_AT: Final = 30  # stories that the search brings, best first
ENOUGH: Final = 0.5  # share of the shorter one's words that both use
FEWEST: Final = 3  # words that both use
SAME_PLACE: Final = 0.2  # what being in the same place is worth beside the words
MOST_SHOWN: Final = 5
TOPICS: Final = 2  # topics of the likeliest ones, whose open tickets nearby are asked for
OPERATORS: Final = frozenset({"near"})
# Long words that stand in every other report: they find everything.
COMMON: Final = frozenset(
    (
        "masyarakat", "pemerintah", "kabupaten", "kecamatan", "kelurahan", "assalamualaikum", "terima", "kasih",
        "selamat", "mohon", "tolong", "warga", "bapak", "segera", "kepada", "diperhatikan", "perhatian", "setempat",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likely:
    """A case that may tell of the same: the words both use, whether the place is the same, and its open ticket.

    Names of places are no such words: half a regency writes of roads in the same desa.
    """

    document: PostDocument
    words: tuple[str, ...]
    same_place: bool
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What is about to be recorded. `area` is the code of the place chosen, if any; `point` latitude and longitude."""

    words: str
    region: str
    area: str | None
    point: tuple[float, float] | None
    said_at: datetime


def likely_same(parts: Parts, visitor: Visitor, reported: Reported) -> tuple[Likely, ...]:
    """The likeliest cases of the last month in the region, best first. Raises IndexUnavailable."""
    asked = _Asked.of(parts.profiles[reported.region], reported)
    if not asked.words:
        return ()
    found = [one for document in _similar(parts, visitor, reported, asked) if (one := asked.compared(document))]
    found.sort(key=lambda one: -one[0])
    told = [likely for score, likely in found if score >= ENOUGH]
    nearby = _ticketed(parts, visitor, reported, [likely for _, likely in found])
    stories = {likely.document.story for likely in nearby}
    return (*nearby, *(likely for likely in told if likely.document.story not in stories))[:MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The telling words of a report, root to the word as it stands there, apart from the names of places in it."""

    words: dict[str, str]
    places: frozenset[str]
    names: frozenset[str]
    area: str | None

    @classmethod
    def of(cls, profile: RegionProfile, reported: Reported) -> _Asked:
        names = frozenset(root for area in profile.areas.values() for root in _words(area.name))
        words = _words(reported.words)
        told = {root: word for root, word in words.items() if root not in names}
        return cls(told, frozenset(words) & names, names, reported.area)

    def compared(self, document: PostDocument) -> tuple[float, Likely] | None:
        """How like a case is to the report, None where hardly a word is shared."""
        others = frozenset(_words(document.words))
        shared = tuple(word for root, word in self.words.items() if root in others)
        if len(shared) < min(FEWEST, len(self.words)):
            return None
        # Where none was chosen, a name of a place that both write says as much.
        same_place = _lies_in(document, self.area) if self.area else bool(self.places & others)
        score = len(shared) / min(len(self.words), len(others - self.names) or 1)
        return score + (SAME_PLACE if same_place else 0), Likely(document, shared, same_place)


def _words(text: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for token in tokenize(text):
        if token.stem and len(token.exact) >= SHORTEST and token.exact not in OPERATORS:
            words.setdefault(token.stem, token.exact)
    return words


def _similar(parts: Parts, visitor: Visitor, reported: Reported, asked: _Asked) -> Iterator[PostDocument]:
    telling = [word for word in asked.words.values() if word not in COMMON] or list(asked.words.values())
    longest = sorted(telling, key=len, reverse=True)[:MOST_WORDS]
    filters = Filters(region=(reported.region,), since=reported.said_at - LOOK_BACK, until=parts.clock())
    query = SearchQuery(q=" OR ".join(longest), filters=filters, order=Order.BEST, size=LOOKED_AT)
    return (hit.document for hit in find(parts, query, visitor.scope).items)


def _lies_in(document: PostDocument, area: str) -> bool:
    """Whether a case lies in the area that was chosen, or the chosen one in it."""
    return any(
        code == area or code.startswith(f"{area}.") or area.startswith(f"{code}.") for code in document.area_codes
    )


def _ticketed(parts: Parts, visitor: Visitor, reported: Reported, found: list[Likely]) -> list[Likely]:
    """Open tickets of the same issue there, by the topics of what was found in the place; one case tells each."""
    if reported.area is None and reported.point is None:
        return []
    topics = dict.fromkeys(likely.document.topic for likely in found if likely.same_place)
    lat, lon = reported.point or (None, None)
    tickets: dict[str, Ticket] = {}
    for topic in list(topics)[:TOPICS]:
        for ticket in parts.store.tickets.same_issue(
            reported.region, topic, reported.area, lat, lon, reported.said_at, visitor.scope
        ):
            tickets.setdefault(ticket.code, ticket)
    told = []
    for code, ticket in tickets.items():
        cases = parts.store.tickets.cases(code, visitor.scope, limit=1)
        if cases:
            words = next((one.words for one in found if one.document.ticket == code), ())
            told.append(Likely(cases[0], words, same_place=True, ticket=ticket))
    return told

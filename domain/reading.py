"""What the words of a post say, the same in every region. Written by nlp, read by the desk."""

from __future__ import annotations

from pydantic import Field

from domain.labels import Intent, Language, Sentiment, Urgency
from domain.posts import Frozen
from domain.vectors import Vector


class Span(Frozen):
    """A stretch of `RawPost.words`, in code points, half-open, with its own text for people to read."""

    start: int
    end: int
    text: str


class TopicScore(Frozen):
    """One candidate topic. `p` are calibrated and sum to at most 1 over a reading's candidates."""

    code: str
    p: float
    evidence: tuple[Span, ...] = ()  # the words that speak for it


class PlaceMention(Frozen):
    """A name in the words that may be a place; the desk resolves it for a region.

    `candidates` are Kemendagri codes (or `road:<region>/<key>`, `point:<region>/<key>`) in no order.
    """

    span: Span
    name: str  # the gazetteer's spelling
    candidates: tuple[str, ...]
    cue: str | None = None  # the word before it that says what it is ("desa", "kec", "jl", "pak")
    fuzzy: bool = False  # matched by typo tolerance


class Oversight(Frozen):
    """Somebody in office is accused of graft, extortion or misconduct (*berkadar pengawasan*)."""

    p: float
    accused: tuple[str, ...] = ()  # kades | opd | petugas | sekolah
    evidence: tuple[Span, ...] = ()


class Reading(Frozen):
    """All labels of one revision of one post."""

    post_id: str
    revision: int
    language: Language
    intent: Intent
    intent_p: float
    topics: tuple[TopicScore, ...]  # best first, at least one
    sentiment: Sentiment
    sentiment_p: float
    urgency: Urgency
    urgency_cue: Span | None = None
    oversight: Oversight | None = None
    abuse: bool = False
    places: tuple[PlaceMention, ...] = ()
    addresses: tuple[Span, ...] = ()  # streets, numbers and landmarks that show the spot: for people, never resolved
    agencies: tuple[Span, ...] = ()  # agencies named by the writer ("Yth. Dinas ...")
    near: tuple[int, ...] = ()  # MinHash signature of the exact tokens, see domain.stories; () when too short
    norm_version: int
    decided_by: dict[str, str]  # task -> which model or rules answered, with version
    vector: Vector | None = Field(default=None, exclude=True)  # kept in a table of its own, never in the body

    @property
    def topic(self) -> str:
        """The best topic's code."""
        return self.topics[0].code

    def without_words(self) -> Reading:
        """The same labels with nothing that quotes: of a place its name in the gazetteer is left."""
        oversight = self.oversight
        return self.model_copy(
            update={
                "topics": tuple(scored.model_copy(update={"evidence": ()}) for scored in self.topics),
                "urgency_cue": None,
                "oversight": oversight.model_copy(update={"evidence": ()}) if oversight else None,
                "places": tuple(
                    PlaceMention(span=Span(start=0, end=0, text=one.name), name=one.name, candidates=one.candidates)
                    for one in self.places
                ),
                "addresses": (),
                "agencies": (),
                "near": (),
                "vector": None,
            }
        )

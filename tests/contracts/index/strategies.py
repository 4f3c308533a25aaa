"""Random documents, expressions, filters and scopes over a small world, so that they often meet."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from domain.documents import PostDocument
from domain.labels import Sentiment, Urgency
from domain.scope import Scope
from domain.search import Filters
from tests.contracts.index.documents import NOW, REGIONS, make_document, place

WORDS = (
    "jalan",
    "jln",
    "rusak",
    "perbaikan",
    "diperbaiki",
    "air",
    "mati",
    "yang",
    "di",
    "lampu",
    "RUSAK!!",
    "[telepon]",
    "😀",
)
TOPICS = ("jalan.rusak", "jalan.lampu", "air.mati")
OPDS = ("PUTR", "DISHUB", "PDAM")
AREAS = ("52.01", "52.01.06", "52.01.06.2003", "52.01.07", "52.01.07.2001", "52.03.01")

texts = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@st.composite
def documents(draw: st.DrawFn, *, most: int = 14) -> list[PostDocument]:
    """Return a few documents: some in one story, some at one moment, some in two regions."""
    made: dict[str, PostDocument] = {}
    for number in range(draw(st.integers(0, most))):
        areas = draw(st.lists(st.sampled_from(AREAS), max_size=2, unique=True))
        region = draw(st.sampled_from(REGIONS))
        kecamatan = next((x[:8] for x in areas if x.count(".") > 1), None)
        document = make_document(
            draw(st.integers(0, most)),
            draw(texts),
            title=draw(st.none() | texts),
            region=region,
            published_at=NOW - timedelta(hours=draw(st.integers(0, 60)), microseconds=draw(st.integers(0, 1))),
            topic=draw(st.sampled_from(TOPICS)),
            sentiment=draw(st.sampled_from(Sentiment)),
            urgency=draw(st.sampled_from(Urgency)),
            opd=draw(st.none() | st.sampled_from(OPDS)),
            oversight=draw(st.booleans()),
            accused_opd=tuple(draw(st.lists(st.sampled_from(OPDS), max_size=2, unique=True))),
            places=tuple(place(x, f"Tempat {x[-1]}") for x in areas),
            kecamatan=kecamatan,
            desa=next((x for x in areas if x.count(".") == 3), None),
            author=draw(st.sampled_from((None, "ab12", "cd34"))),
            story=f"{region}-{draw(st.integers(0, 5))}",
            rev=number + 1,
        )
        made[document.id] = document
    return list(made.values())


_leaves = st.sampled_from(
    (
        "jalan", "jln", "rusak", "perbaikan", "air", "yang", "hilang", '"jalan rusak"', '"yang di"', '"air"', "per*",
        "ru*",
        "jalan NEAR/1 rusak", 'air NEAR/3 "di jalan"', "mati NEAR lampu", "topic:jalan", "topic:air.mati", "opd:putr",
        "kecamatan:52.01.06", 'kecamatan:"tempat 6"', "desa:52.01.07.2001", 'desa:"Tempat 3"', "sentiment:negatif",
        "urgency:darurat", "region:lombok-timur", "author:ab12", "source:kabar-barat", "state:baru", "channel:web",
    )
)  # fmt: skip
expressions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        inner.map(lambda x: f"NOT ({x})"),
        st.tuples(inner, inner).map(lambda x: f"({x[0]}) OR ({x[1]})"),
        st.tuples(inner, inner).map(lambda x: f"({x[0]}) ({x[1]})"),
        st.tuples(inner, inner).map(lambda x: f"({x[0]}) AND NOT ({x[1]})"),
    ),
    max_leaves=6,
) | st.just("")


def _some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


_hours = st.none() | st.integers(0, 60).map(lambda x: NOW - timedelta(hours=x))
filters = st.builds(
    Filters,
    since=_hours,
    until=_hours,
    region=_some(REGIONS),
    kecamatan=_some(("52.01.06", "52.01.07")),
    desa=_some(("52.01.06.2003",)),
    topic=_some(("jalan", "air.mati")),
    sentiment=_some(tuple(Sentiment)),
    urgency=_some(tuple(Urgency)),
    opd=_some(OPDS),
    story=_some(("lombok-barat-1", "lombok-timur-2")),
    oversight=st.sampled_from((None, None, True, False)),
)
no_filters = st.just(Filters())


def _within(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str] | None]:
    return st.none() | st.frozensets(st.sampled_from(values), max_size=3)


scopes = st.builds(
    Scope,
    regions=st.frozensets(st.sampled_from(REGIONS)),
    opds=_within(tuple(f"{region}/{opd}" for region in REGIONS for opd in OPDS)),
    areas=_within((*AREAS, "52", "52.0")),
    may_oversee=st.booleans(),
)

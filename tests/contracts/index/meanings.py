"""Vectors made for tests: a few directions that stand for meanings, and the plain model of search by meaning."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from hypothesis import strategies as st

from domain.documents import PostDocument
from domain.query import conditions_of, fields_of, matches, parse_query
from domain.scope import Scope
from domain.search import SearchQuery
from domain.text.tokens import tokenize
from domain.vectors import DIMENSIONS, Vector
from indexer.ranking import REACH
from tests.contracts.index.documents import EVERYWHERE, passes
from tests.contracts.index.strategies import documents

MODEL = "uji-1"
CLOSE = 1e-5  # cosines of two engines


def toward(meaning: int, *, off: float = 0.0, model: str = MODEL) -> Vector:
    """Return a vector that points at a meaning; with `off`, so far away from it that its cosine is about 1 - off."""
    numbers = np.full(DIMENSIONS, 0.01)
    numbers[meaning] = 1.0
    if off:
        numbers[200 + meaning] = np.sqrt(2 * off)
    return Vector.of(numbers, model)


@st.composite
def corpora(draw: st.DrawFn, *, most: int = 14) -> list[PostDocument]:
    """Documents of which most stand somewhere, some by another model."""
    made = []
    for document in draw(documents(most=most)):
        place = draw(st.none() | st.tuples(st.sampled_from((1, 1, 2)), st.sampled_from((0.0, 0.02, 0.05, 0.3))))
        model = draw(st.sampled_from((MODEL, MODEL, MODEL, "uji-2")))
        vector = toward(place[0], off=place[1], model=model) if place else None
        made.append(document.model_copy(update={"vector": vector}))
    return made


def near(corpus: Iterable[PostDocument], query: SearchQuery, scope: Scope = EVERYWHERE) -> dict[str, float]:
    """Return the cosines of what a search by meaning must find, by case, nearest first."""
    assert query.vector is not None
    node = conditions_of(parse_query(query.q))
    cosines = {
        x.id: query.vector.cosine(x.vector)
        for x in corpus
        if x.vector is not None
        and x.vector.model == query.vector.model
        and scope.allows(x)
        and passes(x, query.filters)
        and matches(node, tokenize(x.words), fields_of(x))
    }
    best = max(cosines.values(), default=0.0)
    return {case: x for case, x in sorted(cosines.items(), key=lambda y: -y[1]) if x >= best - REACH}

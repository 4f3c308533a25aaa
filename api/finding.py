"""A search under a scope: the index says which cases, truth says what they are now and whether they may be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from api.asked import Asked
from api.parts import Parts
from domain.errors import QueryRefused
from domain.query import highlight, parse_query, spoken
from domain.scope import Scope
from domain.search import MAX_PAGE, Hit, Mode, SearchPage, SearchQuery


def find(parts: Parts, query: SearchQuery, scope: Scope) -> SearchPage:
    """Search, re-read each hit from truth and leave out what is gone or hidden by now."""
    page = parts.index.search(_with_vector(parts, query), scope)
    return page.model_copy(update={"items": tuple(_as_they_are(parts, page.items, query.q, scope))})


def find_all(parts: Parts, query: SearchQuery, scope: Scope) -> Iterator[SearchPage]:
    """All pages of a search, unfolded and without facets, one after another."""
    query = query.model_copy(update={"size": MAX_PAGE, "fold": False, "facets": (), "after": None})
    while True:
        page = find(parts, query, scope)
        yield page
        if page.next is None:
            return
        query = query.model_copy(update={"after": page.next})


def as_possible(parts: Parts, asked: Asked) -> Asked:
    """A page's search as this installation can answer it: by words where nothing puts words where posts stand."""
    return asked if parts.encoder else replace(asked, mode=Mode.TEXT)


def answerable(asked: Asked) -> Asked:
    """A page's search with its mode, or by words where no words say what it means. Raises: QueryRefused."""
    return asked if asked.mode is Mode.TEXT or spoken(asked.q) else replace(asked, mode=Mode.TEXT)


def _with_vector(parts: Parts, query: SearchQuery) -> SearchQuery:
    """A query with the vector of its words, where its mode needs one. Raises: QueryRefused where it cannot be had."""
    if query.mode is Mode.TEXT or query.vector is not None:
        return query
    if parts.encoder is None:
        raise QueryRefused("Pemasangan ini belum mencari menurut makna. Cari menurut kata: mode=text.", position=0)
    said = spoken(query.q)
    if not said:
        raise QueryRefused("Pencarian menurut makna membutuhkan kata. Tulis sekurangnya satu kata.", position=0)
    return query.model_copy(update={"vector": parts.encoder.vector_of(said)})


def _as_they_are(parts: Parts, hits: tuple[Hit, ...], q: str, scope: Scope) -> Iterator[Hit]:
    now = {d.id: d for d in parts.store.cases.documents([hit.document.id for hit in hits], scope)}
    for hit in hits:
        document = now.get(hit.document.id)
        if document is None:
            continue
        if document.words == hit.document.words:
            yield hit.model_copy(update={"document": document})
        else:  # edited since it was indexed: the old offsets point elsewhere
            spans = highlight(parse_query(q), document.words)
            yield hit.model_copy(update={"document": document, "highlights": spans})

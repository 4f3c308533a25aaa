"""A search under a scope: the index says which cases, truth says what they are now and whether they may be seen."""

from __future__ import annotations

from collections.abc import Iterator

from api.parts import Parts
from domain.query import highlight, parse_query
from domain.scope import Scope
from domain.search import MAX_PAGE, Hit, SearchPage, SearchQuery


def find(parts: Parts, query: SearchQuery, scope: Scope) -> SearchPage:
    """Search, re-read each hit from truth and leave out what is gone or hidden by now."""
    page = parts.index.search(query, scope)
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

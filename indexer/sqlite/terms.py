"""Words and values that stand out: top values, emerging words, similar cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from domain.documents import PostDocument
from domain.errors import NotFound, Refused
from domain.query import parse_query
from domain.query.tree import Everything, Or, Phrase, Term
from domain.scope import Scope
from domain.search import EmergingTerm, FacetValue, Filters, Hit, Order, SearchPage, TermsQuery
from domain.text.tokens import tokenize
from indexer.countable import refuse_unknown_fields
from indexer.keenness import LEAST_CASES, log_likelihood
from indexer.ranking import Candidate, ranked, within_reach
from indexer.sqlite.columns import Rows
from indexer.sqlite.layout import number_of
from indexer.sqlite.meaning import nearest, row_of
from indexer.sqlite.order import best_first
from indexer.sqlite.rank import Weights, scores
from indexer.sqlite.search import View, facet
from indexer.sqlite.words import count_matching, match_expression, rows_matching, streams_of

LOOKED_AT = 5_000  # cases whose words are listed; what is returned is then counted over all of them
_CANDIDATES = 3  # words counted exactly for one that is returned
WORDS_COMPARED = 12  # rarest words that similar cases are looked up by
_WORDS_WEIGHED = 40  # of a case, in order: the beginning of an article says what it is about


def top_terms(view: View, query: TermsQuery, scope: Scope) -> Sequence[FacetValue]:
    """Return the most frequent values of a field. Raises: QueryRefused, Refused."""
    refuse_unknown_fields((query.field,))
    rows = view.selector.select(parse_query(query.q), query.filters, scope)
    return facet(view.snapshot, rows, query.field, query.size)


def emerging(view: View, query: TermsQuery, scope: Scope) -> Sequence[EmergingTerm]:
    """Return exact words that `since..until` uses more than the equal time before, keenest first.

    Raises: QueryRefused, Refused without both ends.
    """
    since, until = query.filters.since, query.filters.until
    if since is None or until is None or since >= until:
        raise Refused("Kata yang menonjol membutuhkan awal (since) dan akhir (until) waktu, awal lebih dulu.")
    node = parse_query(query.q)
    earlier = query.filters.model_copy(update={"since": since - (until - since), "until": since})
    rows_now = view.selector.select(node, query.filters, scope)
    rows_before = view.selector.select(node, earlier, scope)
    rough_now, rough_before = _held_words(view, rows_now), _held_words(view, rows_before)
    seen_now, seen_before = min(len(rows_now), LOOKED_AT), min(len(rows_before), LOOKED_AT)
    rough = sorted(
        (
            (-log_likelihood(now, seen_now, rough_before[word], seen_before), word)
            for word, now in rough_now.items()
            if now * max(seen_before, 1) > rough_before[word] * seen_now and _says_something(word)
        ),
    )
    found = []
    for _, word in rough[: query.size * _CANDIDATES]:
        holding = rows_matching(view.connection, view.snapshot, match_expression(Phrase((word,))) or "")
        now = len(np.intersect1d(holding, rows_now, assume_unique=True))
        before = len(np.intersect1d(holding, rows_before, assume_unique=True))
        if now >= LEAST_CASES and now * max(len(rows_before), 1) > before * len(rows_now):
            score = log_likelihood(now, len(rows_now), before, len(rows_before))
            found.append(EmergingTerm(term=word, count=now, before=before, score=round(score, 3)))
    return sorted(found, key=lambda x: (-x.score, x.term))[: query.size]


def _held_words(view: View, rows: Rows) -> Counter[str]:
    """Count in how many cases each word stands, over at most `LOOKED_AT` cases spread evenly."""
    if len(rows) > LOOKED_AT:
        rows = rows[np.linspace(0, len(rows) - 1, LOOKED_AT).astype(np.intp)]
    held: Counter[str] = Counter()
    for words in streams_of(view.connection, view.snapshot, rows, stream="exact"):
        held.update(set(words))
    return held


def _says_something(word: str) -> bool:
    """Leave out numbers and stop words."""
    tokens = tokenize(word)
    return not word.isdigit() and len(tokens) == 1 and tokens[0].stem != ""


def similar(view: View, case: str, scope: Scope, size: int) -> SearchPage:
    """Return cases near to a case in meaning or, where it has no vector, that share its rarest words.

    Raises: NotFound for an absent or hidden case alike.
    """
    row = row_of(view, case)
    documents = view.documents(row.tolist())
    if not documents or not scope.allows(documents[0]):
        raise NotFound("Kasus ini tidak ada.")
    vector = view.space.vector_of(view.connection, view.snapshot, int(row[0]))
    if vector is not None:
        rows = _of_others(view, view.selector.select(Everything(), Filters(), scope), row, documents[0])
        return _near(view, within_reach(nearest(view, rows, vector)), size)
    return _alike(view, row, documents[0], scope, size)


def _near(view: View, found: list[Candidate], size: int) -> SearchPage:
    ranking = ranked(found, Order.BEST)
    shown, _ = ranking.page(size, None, fold=True)
    rows = view.snapshot.rows_of(np.array([x.row for x, _ in shown], np.int64))
    items = tuple(
        Hit(document=document, score=candidate.score, story_size=count)
        for document, (candidate, count) in zip(view.documents(rows.tolist()), shown, strict=True)
    )
    return SearchPage(total=len(found), stories=len(ranking.sizes), items=items)


def _alike(view: View, row: Rows, document: PostDocument, scope: Scope, size: int) -> SearchPage:
    weighed = _rarest(view, row)
    if not weighed:
        return SearchPage(total=0, stories=0, items=())
    leaves = tuple(term for term, _ in weighed)
    asked = leaves[0] if len(leaves) == 1 else Or(leaves)
    rows = _of_others(view, view.selector.select(asked, Filters(), scope), row, document)
    lengths = view.snapshot.columns["length"][view.snapshot.alive]
    weights = Weights(len(lengths), float(lengths.mean()) or 1.0, tuple(holding for _, holding in weighed))
    found = scores(view.connection, view.snapshot, rows, leaves, weights)
    ordering = best_first(view.connection, view.snapshot, rows, found)
    places = ordering.first(size, among=np.ones(len(rows), np.bool_), fold=True)
    stories = np.bincount(view.snapshot.stories[rows], minlength=view.snapshot.story_count)
    sizes = stories[view.snapshot.stories[rows[places]]].tolist()
    items = tuple(
        Hit(document=document, score=score, story_size=count)
        for document, score, count in zip(view.documents(rows[places]), found[places].tolist(), sizes, strict=True)
    )
    return SearchPage(total=len(rows), stories=int(np.count_nonzero(stories)), items=items)


def _of_others(view: View, rows: Rows, row: Rows, document: PostDocument) -> Rows:
    """Leave out a case and its own story."""
    others: Rows = rows[view.snapshot.columns["story"][rows] != number_of(document.story)]
    rest: Rows = others[others != row[0]]
    return rest


def _rarest(view: View, row: Rows) -> list[tuple[Term, int]]:
    """Return a case's rarest words that another case holds too, with how many hold each."""
    words = list(dict.fromkeys(streams_of(view.connection, view.snapshot, row, stream="stem")[0]))
    terms = [Term(word) for word in words[:_WORDS_WEIGHED]]
    weighed = [(term, count_matching(view.connection, match_expression(term) or "")) for term in terms]
    shared = [x for x in weighed if x[1] > 1]
    return sorted(shared, key=lambda x: x[1])[:WORDS_COMPARED]

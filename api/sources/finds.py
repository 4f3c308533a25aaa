"""Doors that were found for a region, as the page of sources proposes them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from api.contexts.source_terms import FindsView, FindView, FoundPost, SearchView
from api.parts import Parts
from api.sources.errands import LATE
from api.sources.words import kind_word
from api.speech import N_, Speech
from api.visitors import Visitor
from domain.errors import NotFound
from store.errands import Errand, ErrandState
from store.finds import Find

SHOWN: Final = 12  # proposals on the page: who works through them sees the rest
POSTS: Final = 3


def finds_view(parts: Parts, visitor: Visitor, says: Speech) -> FindsView:
    """What waits for a decision in the visitor's regions, and how the last searches went."""
    regions = [slug for slug in parts.profiles if slug in visitor.scope.regions]
    there = {spec.url for spec in parts.store.sources.specs()}
    waiting = [find for find in parts.store.finds.waiting(regions) if find.found.url not in there]
    searches = parts.store.errands.searches(regions)
    views = tuple(_search(parts, slug, searches.get(slug), says) for slug in regions)
    return FindsView(
        finds=tuple(_find(parts, visitor, find, says, several=len(regions) > 1) for find in waiting[:SHOWN]),
        more=max(0, len(waiting) - SHOWN),
        searches=views,
        under_way=any(view.under_way for view in views),
    )


def visible_find(parts: Parts, visitor: Visitor, number: int) -> Find:
    """One find. NotFound alike for one that is not there and one of another region."""
    find = parts.store.finds.get(number)
    if find.region not in visitor.scope.regions:
        raise NotFound(N_("Usulan itu tidak ada."))
    return find


def _find(parts: Parts, visitor: Visitor, find: Find, says: Speech, *, several: bool) -> FindView:
    zone, found = parts.zone(visitor.scope, (find.region,)), find.found
    return FindView(
        id=find.id,
        name=found.name,
        kind=kind_word(found.kind, says, parts.kinds),
        url=found.url,
        why=found.why,
        region=parts.names.of("region", find.region, says) if several else "",
        when=says.ago(find.found_at, parts.clock(), zone),
        posts=tuple(
            FoundPost(
                post["title"],
                says.ago(datetime.fromisoformat(post["published_at"]), parts.clock(), zone)
                if post["published_at"]
                else says.say("tanpa tanggal"),
            )
            for post in found.posts[:POSTS]
        ),
    )


def _search(parts: Parts, slug: str, errand: Errand | None, says: Speech) -> SearchView:
    """The last search of a region in a sentence."""
    label = parts.names.of("region", slug, says)
    if errand is None:
        return SearchView(slug, label, says.say("belum pernah dicari"), "off", under_way=False)
    when = says.ago(errand.ended_at or errand.at, parts.clock(), parts.zone_of(slug))
    if errand.is_open:
        late = errand.state is ErrandState.WAITING and parts.clock() - errand.at > LATE
        about = (
            says.say("Perayap belum mengambilnya: pastikan `jaring run crawlers` atau `jaring up` berjalan.")
            if late
            else says.say("sedang dicari: beberapa menit, satu per satu dan dengan sopan")
        )
        return SearchView(slug, label, about, "due", under_way=True)
    if errand.state is ErrandState.FAILED:
        about = says.say("pencarian gagal %(when)s: %(why)s", when=when, why=errand.message or "")
        return SearchView(slug, label, about, "late", under_way=False)
    counts = {name: says.number(errand.found.get(name, 0)) for name in ("looked", "silent", "tried", "new")}
    about = says.say(
        "dicari %(when)s: %(looked)s situs dilihat, %(silent)s diam, %(tried)s pintu dicoba, %(new)s usulan baru",
        when=when,
        **counts,
    )
    return SearchView(slug, label, about, "ok", under_way=False)

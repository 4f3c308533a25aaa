"""Errands for pages: what was asked of the crawlers, how far it is, what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from api.contexts.sources import ErrandView, PostRow, ProofLink, ProofView
from api.parts import Parts
from api.sources.words import ERRAND_STATES, ERRANDS, kind_word
from api.speech import Speech
from api.visitors import Visitor
from store.errands import Errand, ErrandKind, ErrandState

LATE: Final = timedelta(minutes=1)  # the crawlers look every few seconds


def proof_view(parts: Parts, visitor: Visitor, errand: Errand, says: Speech) -> ProofView:
    """What came of looking at an address."""
    moves = errand.kind is ErrandKind.MOVE
    spec = errand.found.get("spec") or {}
    zone = parts.zone(visitor.scope, (errand.region,) if errand.region else ())
    faces = {ErrandState.PROVEN: "proven", ErrandState.FAILED: "failed"}
    region = parts.profile(errand.region or "")
    facts = parts.kinds.get(str(spec.get("kind", "")))
    return ProofView(
        id=errand.id,
        face="waiting" if errand.is_open else faces.get(errand.state, "over"),
        url=errand.url or "",
        for_whom=parts.names.source(errand.source) if errand.source else region.short if region else "",
        back=f"/sumber/{errand.source}" if errand.source else "/sumber",
        message=errand.message or "",
        late=errand.state is ErrandState.WAITING and parts.clock() - errand.at > LATE,
        name=str(spec.get("name", "")),
        kind=kind_word(str(spec.get("kind", "")), says, parts.kinds),
        price=(facts.price or "") if facts else "",
        paid=facts is not None and facts.paid,
        allowed=(facts.allowed or "") if facts else "",
        address=str(spec.get("url", "")),
        posts=tuple(
            PostRow(
                post["title"],
                post["url"] or "",
                says.moment(datetime.fromisoformat(post["published_at"]), zone)
                if post["published_at"]
                else says.say("tanpa tanggal"),
            )
            for post in errand.found.get("posts", ())
        ),
        moves=moves,
        source_href=f"/sumber/{spec.get('key')}" if errand.state is ErrandState.DONE else "",
    )


def errand_words(errand: Errand, says: Speech, parts: Parts) -> str:
    """What was asked for, in words."""
    zone = parts.zone_of(errand.region or "")
    day = says.day(errand.since.astimezone(zone).date()) if errand.since else ""
    return says.say(ERRANDS[errand.kind], url=errand.url or "", day=day)


def errand_view(parts: Parts, visitor: Visitor, errand: Errand, says: Speech) -> ErrandView:
    """One errand as a line."""
    word, tone = ERRAND_STATES[errand.state]
    outcome = errand.message or ""
    if errand.state is ErrandState.DONE and errand.kind is ErrandKind.REFILL:
        counts = {name: says.number(errand.found[name]) for name in ("seen", "added", "revised")}
        counted = says.say("%(seen)s dilihat, %(added)s baru, %(revised)s berubah", **counts)
        outcome = f"{counted}. {outcome}" if outcome else counted
    elif errand.state is ErrandState.WAITING and parts.clock() - errand.at > LATE:
        outcome = says.say("Perayap belum mengambilnya: pastikan `jaring run crawlers` atau `jaring up` berjalan.")
    return ErrandView(
        what=errand_words(errand, says, parts),
        by=errand.by,
        when=says.ago(errand.at, parts.clock(), parts.zone(visitor.scope)),
        word=says.say(word),
        tone=tone,
        outcome=outcome,
        href="" if errand.kind is ErrandKind.REFILL else f"/sumber/bukti/{errand.id}",
    )


def open_proofs(parts: Parts, visitor: Visitor, now: datetime) -> list[Errand]:
    """The new addresses of a person that still wait for something."""
    over = {ErrandState.DONE, ErrandState.DROPPED}
    mine = parts.store.errands.proofs(visitor.user.name, now - timedelta(days=1))
    return [errand for errand in mine if errand.state not in over][:5]


def proof_link(parts: Parts, visitor: Visitor, errand: Errand, says: Speech) -> ProofLink:
    """The way to a proof."""
    when = says.ago(errand.at, parts.clock(), parts.zone(visitor.scope))
    word = says.say(ERRAND_STATES[errand.state][0])
    return ProofLink(f"/sumber/bukti/{errand.id}", errand.url or "", word, when)

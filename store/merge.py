"""What a second sight of a post changes. Pure.

Doors differ: a feed gives a summary where the page gives all of it. So the words of a post belong to the source
that brought them; another source may only replace them by clearly more words, and then they belong to it.
What its source deleted stays deleted, whoever else still has it, until that source itself shows it again: then it is
a new revision. What was seen earlier than the words that stand never replaces them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from domain.labels import DateTrust
from domain.posts import Engagement, Incoming, RawPost, clamp_published
from store.seal import SealedPost, clean, masked_hints

_CLEARLY_MORE: Final = 1.2
_TRUST: Final = (DateTrust.FETCHED, DateTrust.INFERRED, DateTrust.DAY, DateTrust.EXACT)  # least first
_DECIDING: Final = ("regions", "published_at", "date_trust", "parent", "lat", "lon", "wire", "hints")


@dataclass(frozen=True, slots=True)
class Merged:
    """The post as it is to be kept, and what follows from the change."""

    post: RawPost
    revised: bool  # other words: read again
    decide: bool  # same words, other circumstances: decide again
    changed: bool  # anything at all


def merge(before: RawPost, incoming: Incoming, sealed: SealedPost | None, author: str | None) -> Merged:
    """Lay a second sight over the stored post. `sealed` is None when the words are the stored ones."""
    own = incoming.source == before.source
    shown_again = before.withdrawn_at is not None and own and incoming.fetched_at > before.withdrawn_at
    if before.withdrawn_at is not None and not (shown_again and sealed is not None):
        return Merged(before, revised=False, decide=False, changed=False)
    newer = incoming.fetched_at >= before.fetched_at  # a sight from an answer of old does not undo what came since
    more = sealed is not None and (own or len(sealed.post.words) > _CLEARLY_MORE * len(before.words))
    revised = newer and more
    update: dict[str, Any] = {
        "regions": (*before.regions, *(r for r in incoming.regions if r not in before.regions)),
        "url": before.url or clean(incoming.url),
        "author": before.author or author,
        "parent": before.parent or incoming.parent,
        "wire": before.wire or clean(incoming.wire),
        "engagement": _counted(before.engagement, incoming.engagement),
    }
    if own and incoming.lat is not None and incoming.lon is not None:
        update |= {"lat": incoming.lat, "lon": incoming.lon}
    if own and incoming.media:
        update["media"] = incoming.media
    if own:
        update["hints"] = masked_hints(incoming.hints)
    published_at, trust = clamp_published(incoming.published_at, incoming.date_trust, incoming.fetched_at)
    better = _TRUST.index(trust) - _TRUST.index(before.date_trust)
    if better > 0 or (better == 0 and own and trust in {DateTrust.EXACT, DateTrust.DAY}):
        update |= {"published_at": published_at, "date_trust": trust}
    if revised and sealed is not None:
        update |= {
            "source": incoming.source,
            "title": sealed.post.title,
            "text": sealed.post.text,
            "pii": sealed.post.pii,
            "fetched_at": incoming.fetched_at,
            "revision": before.revision + 1,
            "withdrawn_at": None,
        }
    post = before.model_copy(update=update)
    return Merged(
        post=post,
        revised=revised,
        decide=any(getattr(post, name) != getattr(before, name) for name in _DECIDING),
        changed=post != before,
    )


def _counted(before: Engagement, now: Engagement) -> Engagement:
    """A platform that stops telling a number does not unsay it."""
    if now == before:
        return before
    return before.model_copy(update=now.model_dump(exclude_none=True))

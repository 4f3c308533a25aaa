"""From a post as it came to a post as it may be kept: masked, hashed, its dates clamped. Pure but for the keys."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import PostQuarantined
from domain.labels import PiiKind
from domain.posts import Hints, Incoming, PiiSpan, RawPost, clamp_published
from domain.text.mask import mask
from domain.text.masked_words import mask_words
from store.keys import KeyRing


@dataclass(frozen=True, slots=True)
class SealedPost:
    """A post fit to be written, and apart from it what only the secret table may hold."""

    post: RawPost
    fingerprint: str
    originals: tuple[tuple[PiiKind, str], ...]  # in the order of `post.pii`
    contact: str | None


def seal(incoming: Incoming, keys: KeyRing) -> SealedPost:
    """Mask title and text, hash the author, clamp the date. PostQuarantined for a post without words."""
    title, text = clean(incoming.title) or None, clean(incoming.text) or ""
    if not (title or "").strip() and not text.strip():
        raise PostQuarantined("kiriman tanpa kata-kata")
    masked = mask_words(title, text)
    published_at, trust = clamp_published(incoming.published_at, incoming.date_trust, incoming.fetched_at)
    post = RawPost(
        id=incoming.id,
        namespace=incoming.namespace,
        native_id=clean(incoming.native_id) or "",
        source=incoming.source,
        regions=incoming.regions,
        channel=incoming.channel,
        url=clean(incoming.url),
        author=keys.author(incoming.namespace, clean(incoming.author) or "") if incoming.author else None,
        title=masked.title,
        text=masked.text,
        pii=masked.spans,
        published_at=published_at,
        date_trust=trust,
        fetched_at=incoming.fetched_at,
        parent=incoming.parent,
        media=incoming.media,
        lat=incoming.lat,
        lon=incoming.lon,
        engagement=incoming.engagement,
        wire=clean(incoming.wire),
        hints=masked_hints(incoming.hints),
    )
    return SealedPost(
        post,
        fingerprint(incoming, keys),
        masked.originals,
        clean(incoming.contact),
    )


def fingerprint(incoming: Incoming, keys: KeyRing) -> str:
    """A keyed hash of a post's words: the same words have the same one."""
    return keys.fingerprint(clean(incoming.title) or None, clean(incoming.text) or "")


def clean(text: str | None) -> str | None:
    """Take out what no database keeps: NUL, and halves of surrogate pairs."""
    if text is None:
        return None
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def unmask(masked: str, spans: tuple[PiiSpan, ...], originals: tuple[str, ...]) -> str:
    """Put what was masked back where it stood."""
    parts, at = [], 0
    for span, original in zip(spans, originals, strict=True):
        parts += [masked[at : span.start], original]
        at = span.end
    return "".join([*parts, masked[at:]])


def masked_hints(hints: Hints) -> Hints:
    """Mask the hints in words: addresses that people wrote into a form hold telephone numbers too."""
    told = {name: getattr(hints, name) for name in ("place", "agency", "topic")}
    return hints.model_copy(update={name: mask(clean(words) or "").text for name, words in told.items() if words})

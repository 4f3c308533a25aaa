"""Builds a post's own page: the whole text, every label with who decided it, and what else belongs to it."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams

from api.asked import Asked, read_asked
from api.choices import rows_of
from api.contexts.post import Option, PhotoView, PostView, RelatedView, RevealedView, RevisionView, SaidView
from api.names import TASKS, WORDS
from api.parts import Parts
from api.pieces import MASK, cut, withdrawn_words
from api.speech import Speech
from api.telling import language_tag, local, panel_view, post_href
from api.visitors import Visitor
from domain.cases import Label
from domain.documents import PostDocument
from domain.errors import QueryRefused
from domain.labels import LabelTask
from domain.query import parse_query
from domain.regions import RegionProfile
from store.cases import CaseDetail

MAX_RELATED: Final = 8  # "lihat semua" leads to the rest
GLIMPSE: Final = 140  # code points of a related post


def post_view(  # noqa: PLR0913  a case, who reads it, and what just happened
    parts: Parts,
    found: CaseDetail,
    visitor: Visitor,
    says: Speech,
    *,
    back: str = "",
    notice: str = "",
    revealed: RevealedView | None = None,
) -> PostView:
    """The page of a case for a reader. `back` is the search that the reader came from, as an address has it."""
    asked = asked_of(back)
    document = found.document
    return PostView(
        panel=panel_view(parts, found, visitor, asked, says, whole=True),
        labels=rows_of(parts, found, visitor, says),
        said=tuple(_said(parts, label, document.region, says) for label in reversed(found.status.labels)),
        state=parts.names.of("state", document.state, says),
        states=tuple(
            Option(value, says.say(word)) for value, word in WORDS["state"].items() if value != document.state
        ),
        story=tuple(related_view(parts, other, says) for other in found.story_cases[:MAX_RELATED]),
        elsewhere=tuple(related_view(parts, other, says) for other in found.siblings),
        revisions=tuple(
            RevisionView(local(parts, document.region, r.replaced_at, says), r.title or "", cut(r.text, says))
            for r in found.revisions
        ),
        may_reveal=visitor.scope.may_reveal and parts.store.secrets.holds(document.post_id, visitor.scope),
        revealed=revealed,
        notice=notice,
        back=asked.href(),
        photos=tuple(
            PhotoView(f"/foto/{photo.id}", f"/foto/{photo.id}/kecil")
            for photo in parts.store.photos.of_post(document.post_id, visitor.scope)
        ),
    )


def asked_of(back: str) -> Asked:
    """The search of a query string that a link brought along; without its words where they cannot be read."""
    asked = read_asked(QueryParams(parse_qsl(back[:4_000], keep_blank_values=False)))
    try:
        parse_query(asked.q)
    except QueryRefused:
        return asked.changed(q="")
    return asked


def _said(parts: Parts, label: Label, region: str, says: Speech) -> SaidView:
    return SaidView(
        title=says.say(TASKS[label.task]),
        label=said_in_words(parts, region, label.task, label.value, says),
        by=label.by,
        when=local(parts, region, label.at, says),
        note=label.note or "",
    )


def said_in_words(parts: Parts, region: str, task: LabelTask, value: str, says: Speech) -> str:
    """A label's value in words."""
    if not value:
        return says.say("koreksi ditarik kembali")
    match task:
        case LabelTask.OPD:
            return parts.names.agency(region, value)
        case LabelTask.PLACE:
            profile: RegionProfile | None = parts.profile(region)
            return profile.areas[value].name if profile and value in profile.areas else value
        case _:
            return parts.names.of(task.value, value, says)


def related_view(parts: Parts, document: PostDocument, says: Speech) -> RelatedView:
    """Another post, in a glimpse."""
    names = parts.names
    region = f" · {names.of('region', document.region, says)}"
    gone = document.withdrawn_at is not None
    words = withdrawn_words(says) if gone else " ".join(document.words.split())
    return RelatedView(
        href=post_href(document.id),
        label=f"{names.of('channel', document.channel, says)} · {names.source(document.source)}{region}",
        when=local(parts, document.region, document.published_at, says),
        text=MASK.sub("▇", words[:GLIMPSE] + ("…" if len(words) > GLIMPSE else "")),
        lang=says.lang if gone else language_tag(document),
    )

"""A case in words: as a hit of a list, and as the panel that says who must answer and why."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from api.asked import Asked
from api.contexts.post import OpdView, PanelView, PlaceView
from api.contexts.search import AgencyShare, HitView
from api.names import Names
from api.parts import Parts
from api.pieces import cut, evidence, said
from api.speech import Speech
from api.tickets.links import ticket_link
from api.visitors import Visitor
from domain.cases import OpdCandidate
from domain.documents import PostDocument
from domain.labels import CaseState, DateTrust, Intent, LabelTask, Language, Urgency
from domain.query import highlight, parse_query
from domain.search import Hit
from store.cases import CaseDetail

SURE: Final = 0.6  # below this an agency is a guess that a person should look at
HIT_LENGTH: Final = 260  # code points of a hit's text: about three lines
PANEL_LENGTH: Final = 1_200
HIT_AGENCIES: Final = 2
LEAST_SHOWN: Final = 0.2  # a second agency below this is noise in a list
# What HTML calls a post's language; Bengkulu's Malay is counted among Central Malay, what is unknown has no name.
LANGUAGE_TAGS: Final = {Language.BENGKULU: "pse", Language.OTHER: "und"}
TONES: Final = {"negatif": "neg", "netral": "neu", "positif": "pos"}
NEEDS_ANSWER: Final = frozenset({Intent.COMPLAINT, Intent.ASPIRATION, Intent.QUESTION})


def hit_view(  # noqa: PLR0913  a hit, the search it stands in, and who reads it
    parts: Parts, hit: Hit, asked: Asked, says: Speech, *, picked: bool, tell_ticket: bool = False
) -> HitView:
    """A hit as the list shows it; `tell_ticket` for those who see every ticket that a case of theirs tells of."""
    document, names, now = hit.document, parts.names, parts.clock()
    zone = parts.zone_of(document.region)
    text_at = len(document.title) + 2 if document.title else 0
    return HitView(
        id=document.id,
        tone=TONES[document.sentiment],
        sentiment=names.of("sentiment", document.sentiment, says),
        channel=names.of("channel", document.channel, says),
        source=names.source(document.source),
        ago=says.ago(document.published_at, now, zone),
        when=says.moment(document.published_at, zone),
        iso=document.published_at.isoformat(),
        trust=None if document.date_trust is DateTrust.EXACT else names.of("date_trust", document.date_trust, says),
        title=cut(document.title, says, found=hit.highlights) if document.title else (),
        text=said(document, document.text, says, at=text_at, found=hit.highlights, limit=HIT_LENGTH),
        agencies=tuple(_agency_share(c, names, document.region, says) for c in _worth_showing(document)),
        place=place_of(document, names),
        tags=(*_tags(document, names, says), *_ticket_tag(document, says, told=tell_ticket)),
        urgent=None if document.urgency is Urgency.ORDINARY else names.of("urgency", document.urgency, says),
        unsure=is_unsure(document),
        same=says.say("%(n)s serupa", n=says.number(hit.story_size - 1)) if hit.story_size > 1 else None,
        same_href=asked.with_value("story", document.story).changed(fold=False).href(),
        href=post_href(document.id, asked),
        pick_href=asked.changed(after=asked.after, pick=document.id).href(),
        lang=language_tag(document),
        picked=picked,
    )


def panel_view(  # noqa: PLR0913  a case and who reads it
    parts: Parts, found: CaseDetail, visitor: Visitor, asked: Asked, says: Speech, *, whole: bool = False
) -> PanelView:
    """A case as the panel shows it; `whole` shows all of a long text."""
    document, reading, names = found.document, found.reading, parts.names
    zone = parts.zone_of(document.region)
    text_at = len(document.title) + 2 if document.title else 0
    why = evidence(reading, document.topic, document.words)
    marks = highlight(parse_query(asked.q), document.words) if asked.q else ()
    limit = len(document.text) if whole else PANEL_LENGTH
    corrected = set(document.corrected)
    by = says.say("oleh manusia")
    return PanelView(
        id=document.id,
        href=post_href(document.id, asked),
        tone=TONES[document.sentiment],
        sentiment=names.of("sentiment", document.sentiment, says),
        sentiment_sure=by if LabelTask.SENTIMENT in corrected else says.share(reading.sentiment_p),
        intent=names.of("intent", document.intent, says),
        intent_sure=by if LabelTask.INTENT in corrected else says.share(reading.intent_p),
        authority=names.of("authority", document.authority, says),
        urgency=None if document.urgency is Urgency.ORDINARY else names.of("urgency", document.urgency, says),
        title=cut(document.title, says, found=marks, why=why) if document.title else (),
        text=said(document, document.text, says, at=text_at, found=marks, why=why, limit=limit),
        shortened=len(document.text) > limit,
        opds=tuple(_opd_view(c, document.region, names, says) for c in document.opds),
        why=document.why,
        unsure=is_unsure(document),
        places=tuple(
            PlaceView(place_name(p.kode, p.name, p.level, parts, document.region), p.why) for p in document.places
        ),
        withdrawn=_withdrawn(document, says, zone),
        spots=document.addresses,
        when=says.moment(document.published_at, zone),
        iso=document.published_at.isoformat(),
        trust=names.of("date_trust", document.date_trust, says),
        origin=f"{names.of('channel', document.channel, says)} · {names.source(document.source)}",
        lang=language_tag(document),
        language=names.of("language", document.language, says),
        topic=names.topic(document.topic, says),
        same=_same(found, says),
        same_href=Asked(days=0, values={"story": (document.story,)}, fold=False).href(),
        url=document.url if document.url and document.url.startswith(("https://", "http://")) else None,
        may_correct=visitor.may_correct,
        ticket=ticket_link(parts, document, visitor, says, is_sure=is_sure(document)),
    )


def is_unsure(document: PostDocument) -> bool:
    """Whether a person should look: someone must answer, and who is a guess that nobody confirmed."""
    return (
        document.state is CaseState.NEW
        and document.intent in NEEDS_ANSWER
        and document.opd_p < SURE
        and LabelTask.OPD not in document.corrected
    )


def is_sure(document: PostDocument) -> bool:
    """Whether a case's office can be taken without asking: a person said it, or the machine is sure."""
    return document.opd is not None and (document.opd_p >= SURE or LabelTask.OPD in document.corrected)


def language_tag(document: PostDocument) -> str:
    """The language of a post's words as HTML names it."""
    return LANGUAGE_TAGS.get(document.language, document.language.value)


def place_of(document: PostDocument, names: Names) -> str:
    """Kecamatan and desa of a case in a word or two."""
    codes = [kode for kode in (document.kecamatan, document.desa) if kode]
    return " · ".join(names.area(kode) for kode in codes)


def place_name(kode: str, name: str, level: str, parts: Parts, region: str) -> str:
    """A place as people write it: "Desa Telagawaru, Kec. Labuapi"."""
    profile = parts.profile(region)
    if level == "desa" and profile is not None and kode in profile.areas:
        kind = profile.areas[kode].kind.capitalize()
        above = next((a.name for a in profile.lineage(kode) if a.level == "kecamatan"), None)
        return f"{kind} {name}, Kec. {above}" if above else f"{kind} {name}"
    return f"Kec. {name}" if level == "kecamatan" else name


def post_href(case_id: str, asked: Asked | None = None) -> str:
    """The address of a post's own page; it remembers the search that one came from."""
    path = f"/kiriman/{quote(case_id)}"
    if asked is None or asked == Asked():
        return path
    back = asked.changed(after=asked.after).href().removeprefix("/cari").removeprefix("?")
    return f"{path}?{urlencode({'kembali': back})}" if back else path


def local(parts: Parts, region: str, at: datetime, says: Speech) -> str:
    """A moment in a region's zone."""
    return says.moment(at, parts.zone_of(region))


def _withdrawn(document: PostDocument, says: Speech, zone: ZoneInfo) -> str:
    if document.withdrawn_at is None:
        return ""
    return says.say(
        "Diketahui %(when)s. Kata-kata, gambar, dan tautannya dihapus di sini juga; label dan hitungannya tetap.",
        when=says.moment(document.withdrawn_at, zone),
    )


def _worth_showing(document: PostDocument) -> tuple[OpdCandidate, ...]:
    first, *rest = document.opds[:HIT_AGENCIES] or (None,)
    if first is None:
        return ()
    return (first, *(c for c in rest if c is not None and c.p >= LEAST_SHOWN))


def _agency_share(candidate: OpdCandidate, names: Names, region: str, says: Speech) -> AgencyShare:
    name = names.agency(region, candidate.kode)
    return AgencyShare(names.short_agency(candidate.kode), name, says.share(candidate.p), round(candidate.p * 100))


def _opd_view(candidate: OpdCandidate, region: str, names: Names, says: Speech) -> OpdView:
    return OpdView(
        name=names.agency(region, candidate.kode),
        code=candidate.kode,
        share=says.share(candidate.p),
        width=round(candidate.p * 100),
        evidence=", ".join(candidate.evidence),
    )


def _tags(document: PostDocument, names: Names, says: Speech) -> tuple[str, ...]:
    tags = []
    if document.intent is not Intent.COMPLAINT:
        tags.append(names.of("intent", document.intent, says))
    if document.language is not Language.INDONESIAN:
        tags.append(names.of("language", document.language, says))
    if document.oversight:
        tags.append(says.say("berkadar pengawasan"))
    if document.state is not CaseState.NEW:
        tags.append(names.of("state", document.state, says))
    return tuple(tags)


def _ticket_tag(document: PostDocument, says: Speech, *, told: bool) -> tuple[str, ...]:
    return (says.say("Tiket %(code)s", code=document.ticket),) if told and document.ticket else ()


def _same(found: CaseDetail, says: Speech) -> str:
    if not found.story_cases:
        return ""
    everyone = (found.document, *found.story_cases)
    people = len({d.author for d in everyone if d.author})
    sources = len({d.source for d in everyone})
    return says.say(
        "%(posts)s kiriman, %(people)s orang, %(sources)s sumber",
        posts=says.number(len(everyone)),
        people=says.number(people),
        sources=says.number(sources),
    )

"""What the index holds: one document per case, written whole, of masked text only."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import AwareDatetime, Field

from domain.cases import Case, CaseStatus, OpdCandidate, ResolvedPlace
from domain.labels import Authority, CaseState, Channel, DateTrust, Intent, LabelTask, Language, Sentiment, Urgency
from domain.posts import Engagement, Frozen, RawPost
from domain.reading import Reading
from domain.tickets.labels import TicketState
from domain.vectors import Vector

WITHDRAWN: Final = "Kiriman ini dihapus di sumbernya"  # what stands where the words of a withdrawn post stood


class PostDocument(Frozen):
    """A case as readers find it: machine labels with people's corrections laid over them."""

    id: str  # case id
    post_id: str
    region: str
    rev: int  # external version: grows with every change of anything shown here
    month: str  # "2026-11": fixed when the case was first stored, names the index it lives in
    source: str
    channel: Channel
    url: str | None = None
    author: str | None = None
    title: str | None = None
    text: str
    published_at: AwareDatetime
    date_trust: DateTrust
    ingested_at: AwareDatetime
    local_date: date
    language: Language
    intent: Intent
    topic: str
    topic_main: str
    urusan: str
    sentiment: Sentiment
    urgency: Urgency
    oversight: bool = False
    abuse: bool = False
    relevance: float
    authority: Authority
    opd: str | None = None  # the agency that answers
    opd_p: float = 0.0
    opds: tuple[OpdCandidate, ...] = ()
    accused_opd: tuple[str, ...] = ()
    places: tuple[ResolvedPlace, ...] = ()
    kecamatan: str | None = None
    desa: str | None = None
    lat: float | None = None
    lon: float | None = None
    state: CaseState = CaseState.NEW
    story: str  # names the story and tells nothing of its cases
    parent: str | None = None
    why: str = ""
    engagement: Engagement = Engagement()
    corrected: tuple[LabelTask, ...] = ()  # tasks that a person answered
    ticket: str | None = None  # code of the ticket that this case tells of
    ticket_state: TicketState | None = None
    addresses: tuple[str, ...] = Field(default=(), exclude=True)  # for people who look for the spot; in no index
    withdrawn_at: AwareDatetime | None = Field(default=None, exclude=True)  # for readers; an index holds no words
    vector: Vector | None = Field(default=None, exclude=True)  # for engines only: in no answer and in no digest

    @property
    def words(self) -> str:
        """Title and text as one string, see `RawPost.words`."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text

    @property
    def area_codes(self) -> tuple[str, ...]:
        """Codes of the areas the case is in."""
        return tuple(p.kode for p in self.places)


def build_document(  # noqa: PLR0913  it joins the five things that a document is made of
    *,
    post: RawPost,
    reading: Reading,
    case: Case,
    status: CaseStatus,
    urusan: str,
    story: str,
    rev: int,
    month: str,
    ingested_at: AwareDatetime,
    ticket: tuple[str, TicketState] | None = None,
    vector: Vector | None = None,
) -> PostDocument:
    """Join truth into one document. People's labels win over the machine's, task by task.

    `urusan` is that of the topic which wins. `case` already honours the person's topic, place and OPD:
    the desk decides again after a correction.
    """
    topic = status.said(LabelTask.TOPIC) or reading.topic
    first = case.opd[0] if case.opd else None
    return PostDocument(
        id=case.id,
        post_id=post.id,
        region=case.region,
        rev=rev,
        month=month,
        source=post.source,
        channel=post.channel,
        url=post.url,
        author=post.author,
        title=post.title,
        text=post.text,
        published_at=post.published_at,
        date_trust=post.date_trust,
        ingested_at=ingested_at,
        local_date=case.local_date,
        language=reading.language,
        intent=Intent(status.said(LabelTask.INTENT) or reading.intent),
        topic=topic,
        topic_main=topic.partition(".")[0],
        urusan=urusan,
        sentiment=Sentiment(status.said(LabelTask.SENTIMENT) or reading.sentiment),
        urgency=Urgency(status.said(LabelTask.URGENCY) or reading.urgency),
        oversight=reading.oversight is not None,
        abuse=reading.abuse,
        relevance=case.relevance,
        authority=case.authority,
        opd=first.kode if first else None,
        opd_p=first.p if first else 0.0,
        opds=case.opd,
        accused_opd=case.accused_opd,
        places=case.places,
        kecamatan=case.kecamatan,
        desa=case.desa,
        lat=post.lat,
        lon=post.lon,
        state=status.state,
        story=story,
        parent=post.parent,
        why=case.why,
        engagement=post.engagement,
        corrected=tuple(task for task in dict.fromkeys(x.task for x in status.labels) if status.said(task)),
        ticket=ticket[0] if ticket else None,
        ticket_state=ticket[1] if ticket else None,
        addresses=tuple(dict.fromkeys(span.text for span in reading.addresses)),
        withdrawn_at=post.withdrawn_at,
        vector=vector,
    )

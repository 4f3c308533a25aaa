"""A whole regency grown large: truth and index filled straight into their tables, as years of the line would."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert

from benches.corpus import NEWEST, cases
from domain.cases import Case, OpdCandidate, ResolvedPlace
from domain.documents import PostDocument
from domain.labels import CaseState, Intent
from domain.ports import PostIndex
from domain.posts import RawPost
from domain.reading import Oversight, Reading, TopicScore
from domain.regions import RegionProfile
from domain.taxonomy import load_taxonomy
from domain.tickets import Action, TicketState, ticket_code
from store import Store
from store import tables as t
from store.facts import facts
from store.projection import digest
from store.rows import post_row, reading_body

REGION = "lombok-barat"
BATCH = 2_000
FRESH = timedelta(days=14)  # cases of the last weeks wait for a person as they would
CLOSED = (TicketState.DONE, TicketState.DONE, TicketState.DONE, TicketState.ARCHIVED, TicketState.REFUSED)
OPEN = (TicketState.NEW, TicketState.VERIFIED, TicketState.DISPOSED, TicketState.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Town:
    """How large it is."""

    cases: int = 200_000
    tickets: int = 50_000


def build(store: Store, index: PostIndex, profile: RegionProfile, town: Town) -> None:
    """Fill an empty truth and an empty index."""
    chance = random.Random(7)
    every = max(1, town.cases // town.tickets)
    documents = enumerate(_moved(cases(town.cases), profile, store, chance))
    number = 0
    while batch := list(islice(documents, BATCH)):
        rows: dict[Table, list[dict[str, Any]]] = {}
        told = []
        for place, document in batch:
            fresh = NEWEST - document.published_at < FRESH
            shown = document
            if place % every == 0 and not (fresh and chance.random() < 0.5):
                number += 1
                ticket = _ticket(document, number, profile, chance)
                rows.setdefault(t.tickets, []).append(ticket)
                rows.setdefault(t.ticket_events, []).extend(_history(ticket))
                rows.setdefault(t.ticket_cases, []).append(
                    {"case_id": document.id, "ticket": ticket["code"], "by": "sistem", "at": ticket["opened_at"]}
                )
                shown = document.model_copy(
                    update={"ticket": ticket["code"], "ticket_state": TicketState(ticket["state"])}
                )
            told.append(shown)
            for table, row in _truth(shown):
                rows.setdefault(table, []).append(row)
        with store.database.write() as connection:
            for table in (t.posts, t.readings, t.cases, t.tickets, t.ticket_events, t.ticket_cases):
                if table in rows:
                    connection.execute(insert(table), rows[table])
        index.upsert(told)
    index.refresh()


def _moved(
    documents: Iterator[PostDocument], profile: RegionProfile, store: Store, chance: random.Random
) -> Iterator[PostDocument]:
    """The corpus's cases in a region that exists: its villages, its agencies, real topics."""
    desas = [area for area in profile.areas.values() if area.level == "desa"]
    agencies = [agency for agency in profile.agencies.values() if agency.level == "kabupaten"]
    topics = [topic.code for topic in load_taxonomy().topics]
    names: dict[str, str] = {}
    for document in documents:
        desa, topic = chance.choice(desas), chance.choice(topics)
        agency = agencies[min(int(chance.expovariate(0.25)), len(agencies) - 1)]
        kecamatan = profile.areas[desa.parent]
        case = f"{document.post_id}.{profile.slug}"
        first = names.setdefault(document.story, case)
        yield document.model_copy(
            update={
                "id": case,
                "region": profile.slug,
                "topic": topic,
                "topic_main": topic.partition(".")[0],
                "opd": agency.code,
                "opds": (OpdCandidate(kode=agency.code, name=agency.name, p=0.7),),
                "places": (
                    ResolvedPlace(kode=desa.kode, name=desa.name, level="desa", why="disebut"),
                    ResolvedPlace(kode=kecamatan.kode, name=kecamatan.name, level="kecamatan", why="di atas desa"),
                ),
                "kecamatan": kecamatan.kode,
                "desa": desa.kode,
                "story": store.keys.story(first),
                "state": CaseState.NEW if NEWEST - document.published_at < FRESH else CaseState.NOT_A_COMPLAINT,
            }
        )


def _truth(document: PostDocument) -> Iterator[tuple[Table, dict[str, Any]]]:
    post = RawPost(
        id=document.post_id, namespace="bench", native_id=document.post_id, source=document.source,
        regions=(document.region,), channel=document.channel, title=document.title, text=document.text,
        published_at=document.published_at, date_trust=document.date_trust, fetched_at=document.ingested_at,
    )  # fmt: skip
    yield t.posts, post_row(post) | {"fingerprint": post.id, "ingested_at": document.ingested_at}
    reading = Reading(
        post_id=post.id, revision=1, language=document.language, intent=document.intent, intent_p=0.9,
        topics=(TopicScore(code=document.topic, p=0.8),), sentiment=document.sentiment, sentiment_p=0.8,
        urgency=document.urgency, oversight=Oversight(p=0.9) if document.oversight else None, norm_version=1,
        decided_by={},
    )  # fmt: skip
    yield (
        t.readings,
        {
            "post_id": post.id, "revision": 1, "body": reading_body(reading), "near": None, "norm_version": 1,
            "read_at": document.ingested_at,
        },
    )  # fmt: skip
    case = Case(
        id=document.id, post_id=post.id, revision=1, region=document.region, relevance=document.relevance,
        places=document.places, authority=document.authority, opd=document.opds, why="Karena: topik.",
        local_date=document.local_date, decided_by="bench",
    )  # fmt: skip
    yield (
        t.cases,
        {
            "id": case.id, "post_id": post.id, "region": case.region, "rev": 1, "month": document.month, "revision": 1,
            "state": document.state.value, "opd": document.opd, "oversight": document.oversight,
            "body": case.model_dump_json(exclude_defaults=True), "digest": digest(document),
            "decided_at": document.ingested_at, "gone_at": None, "born_at": document.ingested_at,
            "story": document.story, "unsorted": False, **facts(document, intent_p=0.9),
        },
    )  # fmt: skip


def _ticket(document: PostDocument, number: int, profile: RegionProfile, chance: random.Random) -> dict[str, Any]:
    opened = document.ingested_at
    fresh = NEWEST - opened < timedelta(days=30)
    state = chance.choice((*OPEN, *CLOSED)) if fresh else chance.choices((*CLOSED, *OPEN), (18,) * 5 + (1,) * 4)[0]
    given = state not in {TicketState.NEW, TicketState.VERIFIED}
    closed = state in CLOSED
    due = opened + timedelta(days=chance.choice((3, 7, 14)))
    answered = opened + timedelta(hours=chance.randint(2, 200)) if given else None
    return {
        "code": ticket_code(profile.ticket_prefix, opened.year, opened.month, number),
        "region": document.region, "state": state.value, "title": (document.title or document.text)[:80],
        "opd": document.opd if given else None, "proposed": document.opd, "topic": document.topic,
        "intent": Intent.COMPLAINT.value, "urgency": document.urgency.value, "sentiment": document.sentiment.value,
        "oversight": document.oversight, "accused": None, "area": document.desa, "place": "Desa", "lat": None,
        "lon": None, "cases": 1, "origin": "otomatis", "opened_at": opened, "opened_by": "sistem",
        "published_at": document.published_at, "disposed_at": opened if given else None,
        "first_disposed_at": opened if given else None, "accepted_at": answered, "answered_at": answered,
        "done_at": due if closed else None, "response_due": due if given else None,
        "resolve_due": due if given else None, "resolve_why": "14 hari kerja",
        "clock_kind": None if closed else "tanggapan",
        "clock_at": None if closed else due, "clock_why": "", "clock_left": None, "paused_from": None,
        "updated_at": answered or opened, "rev": 1,
    }  # fmt: skip


def _history(ticket: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    steps: list[tuple[Action, datetime, str]] = [(Action.OPEN, ticket["opened_at"], TicketState.NEW.value)]
    if ticket["opd"]:
        steps.append((Action.DISPOSE, ticket["opened_at"], TicketState.DISPOSED.value))
    if ticket["answered_at"]:
        steps.append((Action.ANSWER, ticket["answered_at"], str(ticket["state"])))
    return [
        {
            "code": ticket["code"], "at": at, "by": "sistem", "action": action.value, "before": None, "after": after,
            "opd": ticket["opd"], "note": None, "detail": None,
        }
        for action, at, after in steps
    ]  # fmt: skip

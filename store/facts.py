"""What a case's document shows, as columns that the desk's lists are made from. Written wherever the digest is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from domain.documents import PostDocument
from domain.labels import CaseState, Intent, LabelTask
from domain.tickets.labels import TicketState
from store.rows import dump

ASKING: Final = frozenset({Intent.COMPLAINT, Intent.ASPIRATION, Intent.QUESTION})
OLD_NEWS: Final = timedelta(days=7)  # what was older when it came in opens no ticket and waits for nobody


def facts(document: PostDocument, *, intent_p: float) -> dict[str, Any]:
    """The columns of `cases` that repeat the document. `intent_p` is how sure the reading was of what is wanted."""
    return {
        "published_at": document.published_at,
        "intent": document.intent.value,
        "topic": document.topic,
        "urgency": document.urgency.value,
        "area": document.places[0].kode if document.places else None,
        "opd_p": document.opd_p,
        "intent_p": 1.0 if LabelTask.INTENT in document.corrected else intent_p,
        "accused": dump(list(document.accused_opd)) if document.accused_opd else None,
        "waiting": waits(document),
    }


def waits(document: PostDocument) -> bool:
    """Whether a case waits for a person at the desk: it asks for something, is news, and nobody has judged it.

    A corrected one waits on: only a ticket, or the word that it is no complaint, ends the waiting. One whose words
    its source took away waits no longer: there is nothing left to judge.
    """
    if document.withdrawn_at is not None and document.ticket_state is None:
        return False
    return (
        document.state is not CaseState.NOT_A_COMPLAINT
        and document.intent in ASKING
        and is_news(document)
        and document.ticket_state in {None, TicketState.NEW}
    )


def is_news(document: PostDocument) -> bool:
    """Whether a case was fresh when it came in."""
    return document.ingested_at - document.published_at <= OLD_NEWS

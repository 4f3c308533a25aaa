"""`/kiriman/{case}/buka`: personal data, for those who may, for one answer only, with an audit line."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.contexts.post import RevealedView
from api.parts import Rooms
from api.posting import post_view
from api.preferences import language_of
from api.speech import speech
from api.visitors import FormSender

router = APIRouter()


@router.post("/kiriman/{case_id}/buka")
def reveal(request: Request, visitor: FormSender, parts: Rooms, case_id: str) -> HTMLResponse:
    """Show what the masks hide. The answer is never cached and has no address of its own."""
    found = parts.store.cases.detail(case_id, visitor.scope)
    opened = parts.store.secrets.reveal(found.post.id, visitor.scope, visitor.user.name, parts.clock())
    view = post_view(
        parts, found, visitor, speech(language_of(request)), revealed=RevealedView(opened.words, opened.contact)
    )
    return parts.pages.render(request, "kiriman.html", view)

"""The answer that a source's last crawl failed on, as it came: for those who mend parsers, with an audit line."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from api.parts import Rooms
from api.sources.telling import found, may_open_answers, must_keep
from api.speech import N_
from api.visitors import FormSender
from domain.errors import Forbidden, NotFound

router = APIRouter()
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@router.post("/sumber/{key}/jawaban")
def failed_answer(visitor: FormSender, parts: Rooms, key: str) -> Response:
    """Hand the raw answer out as a file of plain text: whatever it is, no browser runs it. Nothing in it is masked."""
    must_keep(visitor)
    known = found(parts, visitor, key)
    if not may_open_answers(visitor):
        raise Forbidden(N_("Jawaban mentah hanya dibuka admin yang boleh membuka data pribadi."))
    if known.memory.answer is None or parts.answer_of is None:
        raise NotFound(N_("Perayapan terakhir sumber ini tidak gagal pada jawaban yang tersimpan."))
    kept = parts.answer_of(known.memory.answer)
    parts.store.audit.write(visitor.user.name, "source.answer", key, {"answer": known.memory.answer}, parts.clock())
    name = f'attachment; filename="{key}-jawaban.txt"'
    return Response(kept.body, media_type="text/plain", headers={**HEADERS, "Content-Disposition": name})

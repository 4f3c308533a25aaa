"""`/pengaturan/audit`: who did what to what, with filters, page by page, and as a file."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from api.administration.auditing import COLUMNS, audit_rows, audit_view, read_audit_asked
from api.administration.words import must_run
from api.exports import as_file, csv_lines
from api.parts import Rooms
from api.preferences import language_of
from api.speech import speech
from api.visitors import PageReader

router = APIRouter()


@router.get("/pengaturan/audit")
def audit_page(request: Request, visitor: PageReader, parts: Rooms) -> HTMLResponse:
    """A page of the trail."""
    must_run(parts, visitor)
    view = audit_view(parts, visitor, read_audit_asked(request.query_params), speech(language_of(request)))
    return parts.pages.render(request, "pengaturan_audit.html", view)


@router.get("/pengaturan/audit/unduh.csv")
def audit_csv(request: Request, visitor: PageReader, parts: Rooms) -> Response:
    """All that is asked for, streamed; the export itself leaves a line."""
    must_run(parts, visitor)
    asked, now = read_audit_asked(request.query_params), parts.clock()
    parts.store.audit.write(visitor.user.name, "export", "audit", {"search": asked.href()}, now)
    rows = audit_rows(parts, visitor, asked, speech("id"))
    name = f"jaring-audit-{now.astimezone(parts.zone(visitor.scope)):%Y%m%d-%H%M}.csv"
    return StreamingResponse(csv_lines(rows, COLUMNS), media_type="text/csv; charset=utf-8", headers=as_file(name))

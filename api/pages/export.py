"""`/cari/unduh.csv` and `.xlsx`: everything that a search finds, in the reader's scope, with an audit line."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api.asked import read_asked
from api.exports import XLSX, as_file, csv_lines, found_rows, workbook
from api.parts import Rooms
from api.visitors import PageReader

router = APIRouter()


@router.get("/cari/unduh.csv")
def export_csv(request: Request, visitor: PageReader, parts: Rooms) -> Response:
    """All found cases as CSV, streamed."""
    rows, name = found_rows(parts, visitor, read_asked(request.query_params), "csv")
    return StreamingResponse(csv_lines(rows), media_type="text/csv; charset=utf-8", headers=as_file(name))


@router.get("/cari/unduh.xlsx")
def export_xlsx(request: Request, visitor: PageReader, parts: Rooms) -> Response:
    """All found cases as a workbook."""
    rows, name = found_rows(parts, visitor, read_asked(request.query_params), "xlsx")
    return StreamingResponse(workbook(rows), media_type=XLSX, headers=as_file(name))

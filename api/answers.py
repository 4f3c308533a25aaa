"""From an exception to an answer: a problem document under /api, a page with what to do next elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from api.contexts.failure import Failure
from api.problems import (
    BY_STATUS,
    MEDIA_TYPE,
    UNEXPECTED,
    Kind,
    NotLoggedIn,
    Problem,
    make_problem,
    problem_of,
)
from api.speech import N_
from domain.errors import JaringError

if TYPE_CHECKING:
    from api.parts import Parts

log = structlog.get_logger("jaring.api")
ABSENT = N_("Halaman atau kiriman itu tidak ada, atau tidak boleh Anda lihat.")
MACHINE_PATHS = ("/api/", "/pintu/", "/healthz", "/readyz", "/metrics")


class PasswordDue(JaringError):
    """A one-time password was used to log in: choose another before anything else."""

    status = 403


def wants_problem(path: str) -> bool:
    """Whether an address is for programs."""
    return path.startswith(MACHINE_PATHS)


def attach_answers(app: FastAPI) -> None:
    """Install the handlers."""
    app.add_exception_handler(JaringError, _expected)  # type: ignore[arg-type]  # Starlette types it by Exception
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unexpected)


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem document as an answer."""
    return Response(
        problem.model_dump_json(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _expected(request: Request, error: JaringError) -> Response:
    path = request.url.path
    if not wants_problem(path):
        if isinstance(error, NotLoggedIn):
            return RedirectResponse(f"/masuk?lanjut={quote(_here(request))}", 303)
        if isinstance(error, PasswordDue):
            return RedirectResponse("/sandi", 303)
    if error.status == 500:  # noqa: PLR2004
        log.error("kesalahan", path=path, error=str(error), exc_info=error)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}  # noqa: PLR2004
    if error.status == 503:  # noqa: PLR2004
        headers["Retry-After"] = "5"
    return _tell(request, problem_of(error, path), headers)


def _invalid(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    detail = f"{where}: {first['msg']}"
    return _tell(request, make_problem(BY_STATUS[422], 422, detail, request.url.path), {})


def _http(request: Request, error: HTTPException) -> Response:
    status = error.status_code
    kind = BY_STATUS.get(status, Kind("http", "Permintaan gagal"))
    return _tell(request, make_problem(kind, status, kind.title + ".", request.url.path), dict(error.headers or {}))


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("kesalahan tak terduga", path=request.url.path, exc_info=error)
    detail = N_("Pengelola menemukan rinciannya dalam catatan.")
    return _tell(request, make_problem(UNEXPECTED, 500, detail, request.url.path), {})


def _tell(request: Request, problem: Problem, headers: dict[str, str]) -> Response:
    if wants_problem(request.url.path):
        return problem_response(problem, headers)
    parts: Parts = request.app.state.parts
    detail = ABSENT if problem.status == 404 else problem.detail  # noqa: PLR2004
    failure = Failure(status=problem.status, title=problem.title, detail=detail)
    answer = parts.pages.render(request, "gagal.html", failure, status=problem.status)
    answer.headers.update(headers)
    return answer


def _here(request: Request) -> str:
    """The address to come back to; of a form, the page that it stood on."""
    if request.method != "GET":
        return request.url.path.rpartition("/")[0] or "/"
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")

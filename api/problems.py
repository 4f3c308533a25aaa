"""One table from errors to what a client is told: an RFC 9457 problem for the API, an error page for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from api.speech import N_
from domain.errors import (
    Conflict,
    Forbidden,
    IndexUnavailable,
    JaringError,
    NotFound,
    PostQuarantined,
    PostRejected,
    QueryRefused,
    Refused,
    Unavailable,
)

MEDIA_TYPE: Final = "application/problem+json"


class NotLoggedIn(JaringError):
    """Nobody is logged in, or the token is unknown, expired or withdrawn."""

    status = 401


class TooManyAttempts(JaringError):
    """Too many failed logins of late: wait."""

    status = 429


class UnsupportedBody(JaringError):
    """The body is not of a type that this address reads."""

    status = 415


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name in the type URI and its title. Both are a promise to clients."""

    slug: str
    title: str


KINDS: Final[dict[type[JaringError], Kind]] = {
    QueryRefused: Kind("query-refused", N_("Ungkapan pencarian tidak terbaca")),
    NotLoggedIn: Kind("not-logged-in", N_("Belum masuk")),
    Forbidden: Kind("forbidden", N_("Tidak diizinkan")),
    NotFound: Kind("not-found", N_("Tidak ada")),
    Conflict: Kind("conflict", N_("Bertentangan dengan keadaan sekarang")),
    UnsupportedBody: Kind("unsupported-body", N_("Jenis isi tidak didukung")),
    PostQuarantined: Kind("post-quarantined", N_("Kiriman disisihkan")),
    PostRejected: Kind("post-rejected", N_("Kiriman ditolak")),
    Refused: Kind("refused", N_("Permintaan tidak dapat dipakai")),
    TooManyAttempts: Kind("too-many-attempts", N_("Terlalu sering")),
    IndexUnavailable: Kind("index-unavailable", N_("Pencarian sedang terganggu")),
    Unavailable: Kind("unavailable", N_("Sedang terganggu")),
    JaringError: Kind("internal", N_("Kesalahan di dalam Jaring")),
}
BY_STATUS: Final[dict[int, Kind]] = {
    400: Kind("bad-request", N_("Permintaan tidak terbaca")),
    401: KINDS[NotLoggedIn],
    403: KINDS[Forbidden],
    404: KINDS[NotFound],
    405: Kind("method-not-allowed", N_("Cara itu tidak dilayani di sini")),
    409: KINDS[Conflict],
    413: Kind("too-large", N_("Isi terlalu besar")),
    415: KINDS[UnsupportedBody],
    422: KINDS[Refused],
    429: KINDS[TooManyAttempts],
    503: KINDS[Unavailable],
}
UNEXPECTED: Final = KINDS[JaringError]


class Problem(BaseModel):
    """A problem document of RFC 9457."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="URI of the kind of problem, stable: `urn:jaring:problem:<kind>`.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str = Field(description="What is wrong here, and what would do.")
    instance: str = Field(description="The path that was asked for.")
    position: int | None = Field(
        default=None, ge=0, description="Only for `query-refused`: where in `q` the fault is, in code points."
    )


def kind_of(error: JaringError) -> Kind:
    """The table's entry for an error, or for the nearest class above it."""
    return next(KINDS[cls] for cls in type(error).__mro__ if cls in KINDS)


def problem_of(error: JaringError, path: str) -> Problem:
    """Tell an expected error. What only the operator may know (status 500) is not repeated."""
    detail = str(error) if error.status != 500 else "Pengelola menemukan rinciannya dalam catatan."  # noqa: PLR2004
    return make_problem(kind_of(error), error.status, detail, path, position=getattr(error, "position", None))


def make_problem(kind: Kind, status: int, detail: str, path: str, *, position: int | None = None) -> Problem:
    """A problem document of a kind."""
    return Problem(
        type=f"urn:jaring:problem:{kind.slug}",
        title=kind.title,
        status=status,
        detail=detail,
        instance=path,
        position=position,
    )


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's description of the problems that an address may answer with."""
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": BY_STATUS[status].title, "content": {MEDIA_TYPE: {"schema": reference}}}
        for status in statuses
    }

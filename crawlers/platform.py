"""Answers of platforms' APIs: the JSON of a success, and the fate that a refusal speaks of, in each dialect we meet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from crawlers.asking import OK, Answer, KeyRefused, SourceRests
from crawlers.kinds import CrawlJob
from domain.doors import Credential, Need
from domain.errors import SourceUnavailable
from domain.ports import SourceSpec

TOO_MANY = 429
TIRED = 90  # per cent of a platform's own patience at which we stop by ourselves
REST = timedelta(minutes=15)  # where a platform asks for a pause and does not say how long
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=32)  # a pause outside of these is a clock that is off

_KEY = frozenset(
    {
        "3", "10", "102", "104", "190", "2500",  # Graph: capability, permission, session, signature, token
        "keyInvalid", "keyExpired", "accessNotConfigured", "forbidden", "authError", "ipRefererBlocked",  # Google
        "required", "insufficientPermissions", "API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED",
        "client-forbidden", "not-authorized-for-resource", "oauth1-permissions", "unsupported-authentication",  # X
    }
)  # fmt: skip
_REST = frozenset(
    {
        "4", "17", "32", "341", "368", "613",  # Graph: too many calls of the app, the user, the page; told to stop
        "quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded",  # Google
        "usage-capped", "rate-limit-exceeded",  # X
    }
)  # fmt: skip
_ABSENT = frozenset(
    {
        "100/33", "803",  # Graph: no such object, or not for us
        "notFound", "videoNotFound", "channelNotFound", "playlistNotFound", "commentThreadNotFound",  # Google
        "commentNotFound", "commentsDisabled", "resource-not-found",
    }
)  # fmt: skip
_KEYLIKE = re.compile(r"[\w|.~+/=-]{25,}")  # Graph repeats a malformed token in its complaint
_PERMISSIONS = range(200, 300)  # Graph: a permission that is not given, each with its own number
_BUSINESS = range(80_000, 80_100)  # Graph: too many calls, by business use


def key_of(job: CrawlJob, need: Need) -> str:
    """The key that a crawl was handed. KeyRefused when there is none: a person has to give one."""
    if job.credential is None:
        raise KeyRefused(f"{need.what.capitalize()} belum ada: simpan sebagai “{need.name}” di halaman Sumber.")
    return job.credential.value


def mark_of(credential: Credential | None) -> str:
    """By what an account is known without its key."""
    return credential.mark if credential is not None else "tanpa-kunci"


def chosen_number(spec: SourceSpec, name: str, *, most: int) -> int | None:
    """A whole number that was set for a source; None when it was not. SourceUnavailable when it is none."""
    value = (spec.option(name) or "").strip()
    if not value:
        return None
    if not value.isdecimal() or int(value) > most:
        raise SourceUnavailable(
            f"Setelan {name} harus bilangan bulat 0 sampai {most:,}, bukan “{value}”.".replace(",", ".", 1)
        )
    return int(value)


class Absent(SourceUnavailable):
    """What was asked for is not there, or not any more. `code` is the platform's own word for it."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fault:
    """What a platform says of an answer that is no success."""

    code: str  # its own: a number of Graph ("190", "100/33"), a reason of Google, the last word of X's type
    detail: str


def told(answer: Answer, *, platform: str, now: datetime) -> dict[str, Any]:
    """The JSON object of a success.

    Raises: KeyRefused for a key that is invalid, expired or lacks a permission, SourceRests with the time that the
    platform names, Absent for what is not there, SourceUnavailable for everything else.
    """
    fault = fault_of(answer)
    if answer.status == OK and fault is None:
        return said(answer, platform)
    status, code = answer.status, fault.code if fault else ""
    words = f"{platform} menjawab {_words(answer, fault)}"
    if code in _REST or _number(code) in _BUSINESS or (status == TOO_MANY and code not in _KEY):
        until = rests_until(answer, now)
        raise SourceRests(f"{words}. Platform minta jeda; dilanjutkan {until:%Y-%m-%d %H:%M} UTC.", until)
    if code in _ABSENT:
        raise Absent(f"{words}.", code)
    if code in _KEY or _number(code) in _PERMISSIONS or status in {401, 402, 403}:
        raise KeyRefused(f"{words}. Kunci perlu diperiksa atau diganti.")
    if status in {404, 410}:
        raise Absent(f"{words}.", code)
    raise SourceUnavailable(f"{words}.")


def said(answer: Answer, platform: str) -> dict[str, Any]:
    """The JSON object in an answer. SourceUnavailable when it is none."""
    try:
        body = answer.json()
    except orjson.JSONDecodeError as cause:
        raise SourceUnavailable(f"Jawaban {platform} bukan JSON yang utuh.") from cause
    if not isinstance(body, dict):
        raise SourceUnavailable(f"Jawaban {platform} tidak berbentuk seperti yang didokumentasikan.")
    return body


def listed(body: Mapping[str, Any], platform: str, name: str = "data") -> list[Any]:
    """A list out of an answer; none is an empty one. SourceUnavailable when it is something else."""
    found = body.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise SourceUnavailable(f"Jawaban {platform} tidak berbentuk seperti yang didokumentasikan ({name}).")
    return found


def fault_of(answer: Answer) -> Fault | None:
    """What an answer says went wrong: Graph's and Google's `error`, X's problem; None where it says nothing."""
    try:
        body = answer.json()
    except orjson.JSONDecodeError:
        return None
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    if isinstance(error, dict):
        return _google(error) if isinstance(error.get("errors"), list) or "status" in error else _graph(error)
    if answer.status != OK and ("title" in body or "detail" in body or "errors" in body):
        return _problem(body)
    return None


def rests_until(answer: Answer, now: datetime) -> datetime:
    """Until when a platform asks to be left alone, by our clock: its own may be off."""
    waits = [_reset(answer, now), _retry_after(answer, now), *_regained(answer)]
    wait = max((one for one in waits if one is not None), default=REST)
    return now + min(max(wait, SHORTEST), LONGEST)


def tired(answer: Answer, now: datetime) -> datetime | None:
    """Until when to leave a Graph platform alone although it still answers; None while it has patience left."""
    used = [*_shares(answer, "x-app-usage"), *_shares(answer, "x-business-use-case-usage")]
    return rests_until(answer, now) if any(share >= TIRED for share in used) else None


def moment(value: object) -> datetime | None:
    """A moment as platforms write it: RFC 3339, Graph's `+0000`, seconds since 1970; None for anything else."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, tz=UTC)
        if not isinstance(value, str):
            return None
        if value.isdecimal():
            return datetime.fromtimestamp(int(value), tz=UTC)
        found = datetime.fromisoformat(value.strip())
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo is not None else None


def _graph(error: Mapping[str, Any]) -> Fault:
    code, sub = error.get("code"), error.get("error_subcode")
    return Fault(f"{code}/{sub}" if (code, sub) == (100, 33) else str(code or ""), str(error.get("message") or ""))


def _google(error: Mapping[str, Any]) -> Fault:
    first = next((one for one in error.get("errors") or [] if isinstance(one, dict)), {})
    details = [one for one in error.get("details") or [] if isinstance(one, dict)]
    reason = next((one["reason"] for one in details if one.get("reason") in _KEY), None) or first.get("reason")
    return Fault(str(reason or error.get("status") or ""), str(error.get("message") or ""))


def _problem(body: Mapping[str, Any]) -> Fault:
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    kind = str(body.get("type") or "").rstrip("/").rpartition("/")[2]
    said_so = body.get("detail") or first.get("message") or body.get("title") or first.get("detail")
    return Fault(kind, str(said_so or ""))


def _words(answer: Answer, fault: Fault | None) -> str:
    if fault is None:
        return f"HTTP {answer.status}"
    code = f" ({fault.code})" if fault.code else ""
    detail = _KEYLIKE.sub("…", " ".join(fault.detail.split()))[:200].rstrip(".")
    return f"HTTP {answer.status}{code}{f': {detail}' if detail else ''}"


def _number(code: str) -> int:
    return int(code) if code.isdecimal() else -1


def _clock(answer: Answer, now: datetime) -> datetime:
    """The platform's clock when it answered."""
    try:
        found = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return now
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _reset(answer: Answer, now: datetime) -> timedelta | None:
    at = moment(answer.headers.get("x-rate-limit-reset", "").strip())
    return at - _clock(answer, now) if at is not None else None


def _retry_after(answer: Answer, now: datetime) -> timedelta | None:
    value = answer.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return timedelta(seconds=min(int(value), LONGEST.total_seconds()))
    try:
        return parsedate_to_datetime(value) - _clock(answer, now)
    except (TypeError, ValueError):
        return None


def _usages(answer: Answer, header: str) -> Iterator[Mapping[str, Any]]:
    """The records of a usage header, plain or by business."""
    try:
        found = orjson.loads(answer.headers.get(header, ""))
    except orjson.JSONDecodeError:
        return
    if isinstance(found, dict):
        yield found
        for records in found.values():
            yield from (one for one in records if isinstance(one, dict)) if isinstance(records, list) else ()


def _shares(answer: Answer, header: str) -> Iterator[float]:
    for record in _usages(answer, header):
        for name in ("call_count", "total_time", "total_cputime"):
            if isinstance(record.get(name), int | float):
                yield record[name]


def _regained(answer: Answer) -> Iterator[timedelta]:
    """Minutes, as Graph writes them."""
    for record in _usages(answer, "x-business-use-case-usage"):
        wait = record.get("estimated_time_to_regain_access")
        if isinstance(wait, int | float) and wait > 0:
            yield timedelta(minutes=min(wait, LONGEST.total_seconds() / 60))

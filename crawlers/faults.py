"""What a platform says of an answer that is no success: Graph's and Google's `error`, X's problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from crawlers.asking import OK, Answer

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
_PERMISSIONS = range(200, 300)  # Graph: a permission that is not given, each with its own number
_BUSINESS = range(80_000, 80_100)  # Graph: too many calls, by business use


@dataclass(frozen=True, slots=True)
class Fault:
    """What a platform says of an answer that is no success."""

    code: str  # its own: a number of Graph ("190", "100/33"), a reason of Google, the last word of X's type
    detail: str

    @property
    def asks_pause(self) -> bool:
        """Whether it says that too much was asked."""
        return self.code in _REST or self._number in _BUSINESS

    @property
    def names_key(self) -> bool:
        """Whether it is the key that is wrong."""
        return self.code in _KEY

    @property
    def names_permission(self) -> bool:
        """Whether a permission of the key is lacking."""
        return self._number in _PERMISSIONS

    @property
    def names_absent(self) -> bool:
        """Whether what was asked for is not there."""
        return self.code in _ABSENT

    @property
    def _number(self) -> int:
        return int(self.code) if self.code.isdecimal() else -1


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

"""Answers of platforms' APIs: the JSON of a success, and the fate that a refusal speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from crawlers.asking import OK, Answer, KeyRefused, SourceRests
from crawlers.faults import Fault, fault_of
from crawlers.pauses import TOO_MANY, rests_until
from domain.errors import SourceUnavailable

_KEYLIKE = re.compile(r"[\w|.~+/=-]{25,}")  # Graph repeats a malformed token in its complaint


class Absent(SourceUnavailable):
    """What was asked for is not there, or not any more. `code` is the platform's own word for it."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def told(answer: Answer, *, platform: str, now: datetime) -> dict[str, Any]:
    """The JSON object of a success.

    Raises: KeyRefused for a key that is invalid, expired or lacks a permission, SourceRests with the time that the
    platform names, Absent for what is not there, SourceUnavailable for everything else.
    """
    fault, status = fault_of(answer), answer.status
    if status == OK and fault is None:
        return said(answer, platform)
    fault = fault or Fault("", "")
    words = f"{platform} menjawab {_words(answer, fault)}"
    if fault.asks_pause or (status == TOO_MANY and not fault.names_key):
        until = rests_until(answer, now)
        raise SourceRests(f"{words}. Platform minta jeda; dilanjutkan {until:%Y-%m-%d %H:%M} UTC.", until)
    if fault.names_absent:
        raise Absent(f"{words}.", fault.code)
    if fault.names_key or fault.names_permission or status in {401, 402, 403}:
        raise KeyRefused(f"{words}. Kunci perlu diperiksa atau diganti.")
    if status in {404, 410}:
        raise Absent(f"{words}.", fault.code)
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


def _words(answer: Answer, fault: Fault) -> str:
    code = f" ({fault.code})" if fault.code else ""
    detail = _KEYLIKE.sub("…", " ".join(fault.detail.split()))[:200].rstrip(".")
    return f"HTTP {answer.status}{code}{f': {detail}' if detail else ''}"

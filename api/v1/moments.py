"""Moments as the API takes them: RFC 3339 with a zone, never a bare number that might mean anything."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def _written(value: object) -> object:
    if not isinstance(value, str) or not _WRITTEN.match(value):
        raise ValueError("must be written as 2026-11-21T14:32:00+08:00")
    return value


WrittenMoment = Annotated[AwareDatetime, BeforeValidator(_written)]

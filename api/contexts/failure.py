"""The error page: what went wrong and what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """`detail` is a sentence for people; it never holds what only the operator may know."""

    status: int
    title: str
    detail: str

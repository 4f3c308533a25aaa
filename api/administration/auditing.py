"""The audit trail as a page and as a file: what an address asks for, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from api.administration.words import ACTIONS, tabs
from api.asked import NEWEST, OLDEST, midnight
from api.contexts.settings import AuditRow, AuditView, Choice
from api.exports import Row
from api.parts import Parts
from api.speech import Speech
from api.visitors import Visitor
from store.audit import AuditLine

PATH: Final = "/pengaturan/audit"
PAGE: Final = 100
CHUNK: Final = 1_000  # lines of one question while a file is written
MAX_DIGITS: Final = 15
MAX_LENGTH: Final = 300
COLUMNS: Final = ("id", "waktu", "pelaku", "tindakan", "arti", "objek", "rincian")


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """A part of the trail as a page's address says it; `first` and `last` are local days, both included."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return self != AuditAsked(before=self.before)

    def href(self, path: str = PATH, **changes: Any) -> str:
        """The address of this part, from its first page unless told."""
        said = replace(self, **{"before": None, **changes})
        pairs = [
            ("pelaku", said.actor), ("tindakan", said.action), ("objek", said.subject),
            ("dari", said.first.isoformat() if said.first else ""),
            ("sampai", said.last.isoformat() if said.last else ""),
            ("sebelum", str(said.before) if said.before else ""),
        ]  # fmt: skip
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"{path}?{query}" if query else path

    def wanted(self, zone: ZoneInfo) -> Mapping[str, Any]:
        """What truth is asked."""
        return {
            "actor": self.actor or None, "action": self.action or None, "subject": self.subject or None,
            "since": midnight(self.first, zone) if self.first else None,
            "until": midnight(self.last + timedelta(days=1), zone) if self.last else None,
        }  # fmt: skip


def read_audit_asked(params: QueryParams) -> AuditAsked:
    """Read an address; what cannot be used is left out."""
    before = params.get("sebelum", "")
    return AuditAsked(
        actor=params.get("pelaku", "").strip()[:MAX_LENGTH].replace("\0", ""),
        action=params.get("tindakan", "").strip()[:MAX_LENGTH].replace("\0", ""),
        subject=params.get("objek", "").strip()[:MAX_LENGTH].replace("\0", ""),
        first=_day(params.get("dari", "")),
        last=_day(params.get("sampai", "")),
        before=int(before) if before.isascii() and before.isdecimal() and len(before) <= MAX_DIGITS else None,
    )


def audit_view(parts: Parts, visitor: Visitor, asked: AuditAsked, says: Speech) -> AuditView:
    """A page of the trail."""
    zone = parts.zone(visitor.scope)
    lines = parts.store.audit.list(**asked.wanted(zone), before=asked.before, limit=PAGE + 1)
    shown = lines[:PAGE]
    return AuditView(
        tabs=tabs(parts, visitor, PATH, says),
        rows=tuple(_row(line, asked, zone, says) for line in shown),
        actor=asked.actor,
        action=asked.action,
        subject=asked.subject,
        first=asked.first.isoformat() if asked.first else "",
        last=asked.last.isoformat() if asked.last else "",
        actors=tuple(user.name for user in parts.store.accounts.users()),
        actions=tuple(Choice(code, says.say(word), code == asked.action) for code, word in ACTIONS.items()),
        filtered=asked.filtered,
        next_href=asked.href(before=shown[-1].id) if len(lines) > PAGE else None,
        csv_href=asked.href(f"{PATH}/unduh.csv"),
    )


def audit_rows(parts: Parts, visitor: Visitor, asked: AuditAsked, says: Speech) -> Iterator[Row]:
    """All lines asked for, newest first, a thousand at a time."""
    zone, before = parts.zone(visitor.scope), None
    while True:
        lines = parts.store.audit.list(**asked.wanted(zone), before=before, limit=CHUNK)
        for line in lines:
            at = line.at.astimezone(zone).isoformat(timespec="seconds")
            yield (line.id, at, line.actor, line.action, _word(line, says), line.subject, _detail(line))
        if len(lines) < CHUNK:
            return
        before = lines[-1].id


def _row(line: AuditLine, asked: AuditAsked, zone: ZoneInfo, says: Speech) -> AuditRow:
    return AuditRow(
        when=says.moment(line.at, zone),
        iso=line.at.isoformat(),
        actor=line.actor,
        actor_href=asked.href(actor=line.actor),
        action=line.action,
        word=_word(line, says),
        subject=line.subject,
        subject_href=asked.href(subject=line.subject),
        detail=_detail(line),
    )


def _word(line: AuditLine, says: Speech) -> str:
    return says.say(ACTIONS.get(line.action, line.action))


def _detail(line: AuditLine) -> str:
    return "; ".join(f"{name}: {value}" for name, value in line.detail.items() if value)


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if OLDEST <= day < NEWEST else None

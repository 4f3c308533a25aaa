"""What a click at the desk does: the form's words become one call of the desk, its outcome becomes a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.contexts.triage import Told
from api.corrections import checked
from api.speech import N_, Speech
from api.triage.page import REASONS
from api.triage.turn import Turn
from desk.actors import Actor
from desk.triage import Outcome, Verdict
from domain.errors import NotFound, Refused
from domain.labels import LabelTask
from domain.tickets import Party

CORRECTED: Final = frozenset({LabelTask.TOPIC, LabelTask.PLACE})
DONE: Final = N_("%(n)s cerita diputuskan.")
MAX_REASON: Final = 500
MAX_NOTE: Final = 2_000
MAX_DIGITS: Final = 15  # of a verdict's number, as a database can hold it


@dataclass(frozen=True, slots=True)
class Deed:
    """A verdict as a button says it: `opd:PUTR`, `opd` with a select, `gabung:LB-2026-11-0412`, `bukan:2`, `bukan`."""

    kind: str
    what: str

    @classmethod
    def read(cls, words: str) -> Deed:
        """Read a button's value. Refused for one that no button has."""
        kind, _, what = words.partition(":")
        if kind not in {"opd", "gabung", "bukan", "terbaik"}:
            raise Refused(N_("Putusan itu tidak ada."))
        return cls(kind, what)


def judge(turn: Turn, story: str, deed: Deed, *, opd: str, reason: str) -> Verdict:
    """Do what was clicked on one story."""
    triage, actor = turn.parts.desk.triage, _actor(turn)
    if deed.kind == "bukan":
        return triage.set_aside(story, actor, reason_of(deed, reason))
    if deed.kind == "gabung":
        return triage.accept(story, actor, opd=None, join=deed.what)
    chosen = deed.what or opd
    if not chosen:
        raise Refused(N_("Pilih dahulu OPD yang menjawab."))
    return triage.accept(story, actor, opd=chosen)


def judge_many(turn: Turn, stories: Sequence[str], deed: Deed, *, opd: str, reason: str) -> list[Outcome]:
    """Do it to many, each for itself: one that somebody else was faster with holds up no other."""
    triage, actor = turn.parts.desk.triage, _actor(turn)
    if not stories:
        raise Refused(N_("Tandai dahulu ceritanya: kotak di kiri, atau tombol x."))
    if deed.kind == "bukan":
        return triage.set_aside_many(stories, actor, reason_of(deed, reason))
    return triage.accept_many(stories, actor, opd=None if deed.kind == "terbaik" else deed.what or opd or None)


def correct(turn: Turn, story: str, task: str, value: str) -> Verdict:
    """Correct topic or place of a story. NotFound when it no longer waits."""
    if task not in CORRECTED:
        raise Refused(N_("Label itu tidak diubah di meja kerja."))
    parts, now = turn.parts, turn.parts.clock()
    region = parts.store.triage.story(story, turn.visitor.scope, me=turn.me, now=now).region
    meant = checked(parts, region, LabelTask(task), value)
    return parts.desk.triage.correct(story, _actor(turn), LabelTask(task), meant)


def take_back(turn: Turn, verdict_id: str) -> Verdict:
    """Undo one's own verdict."""
    if not verdict_id.isdecimal() or len(verdict_id) > MAX_DIGITS:
        raise Refused(N_("Putusan itu tidak ada."))
    return turn.parts.desk.triage.undo(int(verdict_id), _actor(turn))


def told_again(turn: Turn, verdict_id: str) -> Told | None:
    """What a verdict did, for the page that one is sent to afterwards. Nobody reads another's verdict so."""
    if not verdict_id.isdecimal() or len(verdict_id) > MAX_DIGITS:
        return None
    try:
        done = turn.parts.store.verdicts.verdict(int(verdict_id), turn.me)
    except NotFound:
        return None
    return None if done.undone else told_of(done, turn.says)


def reason_of(deed: Deed, written: str) -> str:
    """Why a story is no complaint: one of the ready reasons, or what was written. Refused without one."""
    if deed.what.isdecimal() and 1 <= int(deed.what) <= len(REASONS):
        return REASONS[int(deed.what) - 1]
    if not written.strip():
        raise Refused(N_("Tulis alasannya, atau pilih salah satu."))
    return written.strip()


def told_of(verdict: Verdict, says: Speech) -> Told:
    """A verdict in a sentence, with the way back."""
    return Told(
        words=says.say(verdict.words), undo=str(verdict.id), ticket=verdict.ticket.code if verdict.ticket else ""
    )


def told_of_many(outcomes: Sequence[Outcome], says: Speech) -> Told:
    """What came of many: how many went through, and why the others did not."""
    done = [one for one in outcomes if one.refusal is None]
    held = [one for one in outcomes if one.refusal is not None]
    words = says.say(DONE, n=says.number(len(done)))
    if held:
        why = "; ".join(dict.fromkeys(says.say(one.refusal) for one in held if one.refusal))
        words = says.say(
            "%(n)s cerita diputuskan, %(held)s tidak: %(why)s",
            n=says.number(len(done)), held=says.number(len(held)), why=why,
        )  # fmt: skip
    return Told(words=words, bad=bool(held))


def _actor(turn: Turn) -> Actor:
    return Actor(turn.me, turn.visitor.scope, Party.CENTER)

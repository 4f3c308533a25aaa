"""`/meja`: the triage desk, and what is clicked there. Works without script; script asks for the part that changes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse

from api.contexts.triage import Told
from api.speech import N_
from api.triage.asked import MAX_TICKED
from api.triage.deeds import (
    DONE,
    MAX_NOTE,
    MAX_REASON,
    Deed,
    correct,
    judge,
    judge_many,
    take_back,
    told_again,
    told_of,
    told_of_many,
)
from api.triage.turn import Acting, Reading, Turn
from domain.errors import JaringError

router = APIRouter()
NEWS: Final = {
    "dilihat": N_("Ditandai: semua sampai sekarang sudah Anda lihat."),
    "serah": N_("Catatan tersimpan untuk sif berikutnya."),
    "selesai": N_("Catatan selesai."),
    "banyak": DONE,
}
COUNT: Final = re.compile(r"\d{1,3}")
Short = Annotated[str, Form(max_length=200)]
Long = Annotated[str, Form(max_length=8_000)]
Note = Annotated[str, Form(max_length=MAX_NOTE)]
Reason = Annotated[str, Form(max_length=MAX_REASON)]


@router.get("/meja")
def desk_page(turn: Reading, putusan: str = "", kabar: str = "") -> HTMLResponse:
    """The queue with the chosen story beside it. `putusan` is the verdict that led here, `kabar` other news."""
    return turn.show(told_again(turn, putusan) or _news(turn, kabar))


@router.post("/meja/putusan")
def verdict(  # noqa: PLR0913  the form's fields
    turn: Acting, cerita: Short = "", putus: Short = "", opd: Short = "", alasan: Reason = "", lanjut: Long = ""
) -> Response:
    """Judge one story; the next one is chosen."""
    try:
        done = judge(turn, cerita, Deed.read(putus), opd=opd, reason=alasan)
    except JaringError as error:
        return turn.held_up(error, story=cerita, then=lanjut)
    return turn.picking(None).go_on(told_of(done, turn.says), then=lanjut)


@router.post("/meja/koreksi")
def correction(turn: Acting, cerita: Short = "", tugas: Short = "", nilai: Short = "", lanjut: Long = "") -> Response:
    """Correct topic or place; the story stays chosen, wherever the correction puts it."""
    try:
        done = correct(turn, cerita, tugas, nilai)
    except JaringError as error:
        return turn.held_up(error, story=cerita, then=lanjut)
    return turn.picking(cerita).go_on(told_of(done, turn.says), then=lanjut)


@router.post("/meja/urung")
def undo(turn: Acting, putusan: Short = "") -> Response:
    """Take back one's own verdict; its story is chosen again."""
    try:
        done = take_back(turn, putusan)
    except JaringError as error:
        return turn.held_up(error, story=turn.asked.pick)
    told = Told(turn.says.say("Diurungkan: %(what)s", what=turn.says.say(done.words)))
    return turn.picking(done.story).go_on(told)


@router.post("/meja/banyak")
def many(
    turn: Acting, x: Annotated[list[str] | None, Form()] = None, putus: Short = "", opd: Short = "", alasan: Reason = ""
) -> Response:
    """Judge the marked stories, each for itself; those that were held up and still wait stay marked."""
    stories = tuple(dict.fromkeys(x or ()))[:MAX_TICKED]
    try:
        outcomes = judge_many(turn, stories, Deed.read(putus), opd=opd, reason=alasan)
    except JaringError as error:
        return turn.held_up(error, story=turn.asked.pick)
    held = tuple(one.story for one in outcomes if one.refusal is not None and turn.waits(one.story))
    turn = replace(turn, asked=replace(turn.asked, ticked=held))
    told = told_of_many(outcomes, turn.says)
    return turn.show(told) if told.bad else turn.go_on(replace(told, news=f"banyak.{len(outcomes)}"))


@router.post("/meja/pegang")
def hold(turn: Acting, cerita: Short = "", lepas: Short = "") -> Response:
    """Say that one works on a story, or (`lepas`) no longer does."""
    triage, now = turn.parts.store.triage, turn.parts.clock()
    try:
        if lepas:
            triage.release(lepas, turn.me)
        if cerita and cerita != lepas:
            region = triage.story(cerita, turn.visitor.scope, me=turn.me, now=now).region
            triage.claim(cerita, region, turn.me, scope=turn.visitor.scope, now=now)
    except JaringError as error:
        return turn.held_up(error, story=cerita)
    return turn.picking(cerita or lepas).go_on()


@router.post("/meja/dilihat")
def looked(turn: Acting) -> Response:
    """Say that one has seen the queue as it is now."""
    turn.parts.store.triage.looked(turn.me, turn.parts.clock())
    return turn.picking(None).go_on(_news(turn, "dilihat"))


@router.post("/meja/serah")
def hand_over(turn: Acting, region: Short = "", catatan: Note = "") -> Response:
    """Leave a note to the next shift."""
    scope, now = turn.visitor.scope, turn.parts.clock()
    try:
        turn.parts.store.triage.hand_over(region, catatan, turn.me, scope=scope, now=now)
    except JaringError as error:
        return turn.held_up(error, story=turn.asked.pick)
    return turn.go_on(_news(turn, "serah"))


@router.post("/meja/serah/{number}/selesai")
def handed_over(turn: Acting, number: int) -> Response:
    """Say that a note is seen to."""
    scope, now = turn.visitor.scope, turn.parts.clock()
    turn.parts.store.triage.handover_done(number, turn.me, scope=scope, now=now)
    return turn.go_on(_news(turn, "selesai"))


def _news(turn: Turn, name: str) -> Told | None:
    """News by its name in an address; "banyak.12" tells of twelve stories."""
    kind, _, number = name.partition(".")
    if kind not in NEWS or (kind == "banyak") != bool(COUNT.fullmatch(number)):
        return None
    return Told(turn.says.say(NEWS[kind], **({"n": number} if number else {})), news=name)

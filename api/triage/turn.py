"""One request at the desk: who asks for which look at the queue, and how he is answered, with script or without."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.contexts.triage import Told
from api.parts import Parts, Rooms
from api.preferences import language_of
from api.speech import N_, Speech, speech
from api.triage.asked import DeskAsked, desk_of, read_desk
from api.triage.page import triage_view
from api.visitors import FormSender, PageReader, Visitor
from domain.errors import Conflict, Forbidden, JaringError, NotFound, Unavailable
from domain.tickets import Party

PART: Final = "X-Jaring-Part"  # what script asks for; `diam`: no page at all
TEMPLATES: Final = {"meja": "meja_isi.html", "cerita": "meja_cerita.html"}  # all that changes; the chosen story alone
GONE: Final = N_("Cerita itu tidak lagi di antrean: sudah diputuskan, atau tidak boleh Anda lihat.")
BUSY: Final = N_("Belum tersimpan: basis data sedang sibuk. Coba sekali lagi.")


@dataclass(frozen=True, slots=True)
class Turn:
    """A person's turn at the desk. `asked` is the look that he has before him."""

    request: Request
    parts: Parts
    visitor: Visitor
    asked: DeskAsked

    @property
    def says(self) -> Speech:
        """The reader's language."""
        return speech(language_of(self.request))

    @property
    def me(self) -> str:
        """The reader's name."""
        return self.visitor.user.name

    @property
    def is_quiet(self) -> bool:
        """Whether script wants to know only whether it went well."""
        return self.request.headers.get(PART) == "diam"

    def picking(self, story: str | None) -> Turn:
        """The same look with another story beside it."""
        return replace(self, asked=self.asked.picking(story))

    def waits(self, story: str) -> bool:
        """Whether a story still stands in the queue."""
        try:
            self.parts.store.triage.story(story, self.visitor.scope, me=self.me, now=self.parts.clock())
        except NotFound:
            return False
        return True

    def show(self, told: Told | None = None, *, then: str = "", status: int = 200) -> HTMLResponse:
        """The page, or the part of it that script asks for. `then` names the stories to go on with, in order."""
        view = triage_view(self.parts, self.visitor, self.asked, self.says, told=told, then=then.split())
        template = TEMPLATES.get(self.request.headers.get(PART, ""))
        view = replace(view, is_part=template is not None)
        return self.parts.pages.render(self.request, template or "meja.html", view, status=max(status, view.status))

    def go_on(self, told: Told | None = None, *, then: str = "") -> Response:
        """What follows a deed: the changed part for script, else the page at its own address."""
        if self.is_quiet:
            return Response(status_code=204)
        if self.request.headers.get(PART):
            return self.show(told, then=then)
        href = self.asked.picking(self.asked.pick or next(iter(then.split()), None)).href()
        known = {"putusan": told.undo} if told and told.undo else {"kabar": told.news} if told and told.news else {}
        return RedirectResponse(href + ("&" if "?" in href else "?") + urlencode(known) if known else href, 303)

    def held_up(self, error: JaringError, *, story: str | None, then: str = "") -> Response:
        """Say why nothing was done. Whom somebody was faster with goes on to the next story, all others stay."""
        gone = isinstance(error, (Conflict, NotFound))
        words = BUSY if isinstance(error, Unavailable) else GONE if isinstance(error, NotFound) else str(error)
        told = Told(self.says.say(words), bad=True)
        if self.is_quiet and isinstance(error, NotFound):
            return Response(status_code=204)  # judged meanwhile: nothing is left to take, and no reader waits for it
        if self.is_quiet:
            return Response(told.words, error.status, media_type="text/plain; charset=utf-8")
        return self.picking(None if gone and then else story).show(told, then=then, status=error.status)


def _at_the_desk(visitor: Visitor) -> Visitor:
    if visitor.party is not Party.CENTER:
        raise Forbidden(N_("Meja kerja adalah tempat analis pusat kendali."))
    return visitor


def _reads(request: Request, visitor: PageReader, parts: Rooms) -> Turn:
    return Turn(request, parts, _at_the_desk(visitor), read_desk(request.query_params))


def _acts(request: Request, visitor: FormSender, parts: Rooms, di: Annotated[str, Form(max_length=8_000)] = "") -> Turn:
    """`di` is the query of the page that a form stood on."""
    return Turn(request, parts, _at_the_desk(visitor), desk_of(di))


Reading = Annotated[Turn, Depends(_reads)]
Acting = Annotated[Turn, Depends(_acts)]

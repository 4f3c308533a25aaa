"""A source's settings, and the yes to its price: nothing that costs is asked before."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.pages.sources import Text, again
from api.parts import Parts, Rooms
from api.sources.telling import Known, changeable, must_keep
from api.sources.terms import chosen_settings, may_set
from api.speech import N_
from api.visitors import FormSender, Visitor
from domain.doors import KindFacts
from domain.errors import Conflict, Forbidden, NotFound, Refused

router = APIRouter()


@router.post("/sumber/{key}/setelan")
async def settings(request: Request, visitor: FormSender, parts: Rooms, key: str) -> Response:
    """Keep a source's settings."""
    known, facts = _kept(parts, visitor, key)
    if not may_set(parts, visitor, known.spec):
        raise Forbidden(N_("Setelan sumber berbayar yang sudah menyala hanya diubah admin."))
    typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    try:
        chosen, now = chosen_settings(facts, typed), parts.clock()
        parts.store.sources.configure(key, chosen, now)
    except (Refused, Conflict) as failure:
        return again(request, parts, visitor, key, failure)
    parts.store.audit.write(visitor.user.name, "source.settings", key, dict(chosen), now)
    return RedirectResponse(f"/sumber/{key}?kabar=setelan#syarat", 303)


@router.post("/sumber/{key}/harga")
def agree(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, key: str, setuju: Text = "", mati: Text = ""
) -> Response:
    """Agree to a price and switch the source on, or switch it off again."""
    known, facts = _kept(parts, visitor, key)
    if visitor.user.role != "admin":
        raise Forbidden(N_("Harga hanya disetujui admin."))
    if not facts.paid:
        raise NotFound(N_("Sumber ini tidak berbayar."))
    if not (setuju or mati):
        return again(request, parts, visitor, key, Refused(N_("Centang dahulu bahwa harganya disetujui.")))
    try:
        parts.store.sources.configure(key, known.spec.options, parts.clock(), enabled=not mati)
    except Conflict as failure:
        return again(request, parts, visitor, key, failure)
    action = "source.price.refused" if mati else "source.price.agreed"
    parts.store.audit.write(visitor.user.name, action, key, {"price": facts.price or ""}, parts.clock())
    return RedirectResponse(f"/sumber/{key}?kabar={'mati' if mati else 'setuju'}#syarat", 303)


def _kept(parts: Parts, visitor: Visitor, key: str) -> tuple[Known, KindFacts]:
    must_keep(visitor)
    known = changeable(parts, visitor, key)
    return known, parts.kinds.get(known.spec.kind) or KindFacts(known.spec.kind, known.spec.kind)

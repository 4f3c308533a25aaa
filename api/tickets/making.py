"""Making a ticket of cases: to whom, whether the matter has one already, and what a post's page says of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.contexts.post import Option
from api.contexts.ticket import MakeView
from api.parts import Parts
from api.speech import Speech
from api.telling import is_sure, post_href
from api.tickets.offices import offices
from api.tickets.telling import CASE_LENGTH, cases_view, kin_view
from api.visitors import Visitor
from domain.documents import PostDocument
from domain.errors import Refused
from domain.tickets import Ticket

MAX_CASES: Final = 100  # of one ticket made by hand at once
RANKED: Final = 3  # offices shown with how sure the machine is of each


def cases_of(parts: Parts, visitor: Visitor, ids: Sequence[str]) -> list[PostDocument]:
    """The cases that a ticket is to be made of. Refused without any, NotFound where one is hidden or absent."""
    wanted = list(dict.fromkeys(ids))
    if not wanted or len(wanted) > MAX_CASES:
        raise Refused(f"Pilih sedikitnya satu dan paling banyak {MAX_CASES} kiriman.")
    return [parts.store.cases.document(case_id, visitor.scope) for case_id in wanted]


def kin_of_cases(parts: Parts, cases: Sequence[PostDocument], visitor: Visitor) -> list[Ticket]:
    """Open tickets that may be of the same matter as the first of these cases."""
    head = cases[0]
    found = parts.store.tickets.same_issue(
        head.region, head.topic, head.desa or head.kecamatan, head.lat, head.lon, head.published_at, visitor.scope
    )
    return [ticket for ticket in found if ticket.oversight == head.oversight]


def make_view(  # noqa: PLR0913  of what, for whom, and what the form said before
    parts: Parts,
    cases: Sequence[PostDocument],
    visitor: Visitor,
    says: Speech,
    *,
    note: str = "",
    message: str = "",
    chosen: str | None = None,
) -> MakeView:
    """The page on which a ticket is made."""
    head = cases[0]
    profile, today = parts.profile(head.region), parts.clock()
    oversight = ""
    if head.oversight and profile is not None:
        name = profile.oversight_agency(today.astimezone(profile.tz).date()).name
        oversight = says.say("Berkadar pengawasan: tiket ini hanya untuk %(opd)s.", opd=name)
    ranked = tuple(Option(c.kode, parts.names.agency(head.region, c.kode), says.share(c.p)) for c in head.opds[:RANKED])
    best = head.opd if is_sure(head) else ""
    return MakeView(
        cases=cases_view(parts, cases, visitor.scope, says, limit=CASE_LENGTH),
        ids=tuple(case.id for case in cases),
        kin=kin_view(parts, kin_of_cases(parts, cases, visitor), says),
        ranked=ranked,
        agencies=offices(parts, head.region, today),
        chosen=(best or "") if chosen is None else chosen,
        because=head.why,
        oversight=oversight,
        note=note,
        message=says.say(message),
        back=post_href(head.id),
    )

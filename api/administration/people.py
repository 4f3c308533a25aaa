"""From accounts and tokens to the pages of settings, and back from what their forms say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form

from api.administration.words import tabs
from api.contexts.settings import (
    Choice,
    LoginRow,
    PeopleView,
    PersonForm,
    PersonRow,
    PersonView,
    Secret,
    TokenRow,
    TokensView,
)
from api.names import ROLES
from api.parts import Parts
from api.speech import N_, Speech
from api.visitors import Visitor
from desk.people import Reach, must_see_something, reach_of
from store.people import Role, TokenScope, User

Short = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=2_000)]
Many = Annotated[list[str] | None, Form(max_length=200)]
PEOPLE: Final = "/pengaturan/orang"
SCOPES: Final = {
    TokenScope.READ: N_("baca"),
    TokenScope.WRITE: N_("baca dan koreksi"),
    TokenScope.INTAKE: N_("memasukkan kiriman"),
}
AGENT: Final = 80  # letters of a browser's name


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form of an account says."""

    display: str
    role: str
    regions: tuple[str, ...]
    opds: tuple[str, ...]
    areas: str
    may_oversee: bool
    may_reveal: bool

    def reach(self, parts: Parts) -> Reach:
        """Its regions, agencies and areas, checked. Refused for what is not there, or sees nothing."""
        reach = reach_of(parts.profiles, self.regions, self.opds, self.areas.replace(";", ",").split(","))
        must_see_something(self.role, reach)
        return reach


def typed(  # noqa: PLR0913  the form's fields
    tampilan: Short = "", peran: Short = "", wilayah: Many = None, opd: Many = None, desa: Text = "",
    pengawasan: Short = "", rahasia: Short = "",
) -> Typed:  # fmt: skip
    """Read the form of an account."""
    display = " ".join(tampilan.split())
    return Typed(display, peran, tuple(wilayah or ()), tuple(opd or ()), desa, bool(pengawasan), bool(rahasia))


def people_view(  # noqa: PLR0913  what the page shows
    parts: Parts,
    visitor: Visitor,
    says: Speech,
    *,
    q: str = "",
    form: PersonForm | None = None,
    secret: Secret | None = None,
    notice: str = "",
    fault: str = "",
) -> PeopleView:
    """Everybody whose name holds `q`, those who may come in first."""
    everybody = parts.store.accounts.users()
    wanted = q.strip().lower()
    found = [user for user in everybody if wanted in f"{user.name} {user.display} {' '.join(user.opds)}".lower()]
    found.sort(key=lambda user: (not user.active, list(Role).index(user.role), user.display.lower()))
    return PeopleView(
        tabs=tabs(parts, visitor, PEOPLE, says),
        people=tuple(person_row(parts, user, says) for user in found),
        total=len(everybody),
        q=q,
        form=form or form_of(parts, says),
        secret=secret,
        notice=notice,
        fault=fault,
    )


def person_view(  # noqa: PLR0913  what the page shows
    parts: Parts,
    visitor: Visitor,
    user: User,
    says: Speech,
    *,
    form: PersonForm | None = None,
    secret: Secret | None = None,
    notice: str = "",
    fault: str = "",
) -> PersonView:
    """An account's own page."""
    now, zone = parts.clock(), parts.zone(visitor.scope)
    return PersonView(
        tabs=tabs(parts, visitor, PEOPLE, says),
        row=person_row(parts, user, says),
        form=form or form_of(parts, says, user),
        logins=tuple(
            LoginRow(says.ago(one.seen_at, now, zone), (one.agent or "")[:AGENT], one.address or "")
            for one in parts.store.accounts.sessions(user.name, now)
        ),
        tokens=len(parts.store.accounts.tokens(user.name)),
        own=user.name == visitor.user.name,
        must_change=user.must_change,
        secret=secret,
        notice=notice,
        fault=fault,
    )


def person_row(parts: Parts, user: User, says: Speech) -> PersonRow:
    """A person in a line."""
    scope = parts.store.accounts.scope_of(user, frozenset(parts.profiles))
    flags = ((user.may_oversee, N_("pengawasan")), (user.may_reveal, N_("data pribadi")))
    return PersonRow(
        name=user.name,
        display=user.display,
        role=says.say(ROLES[user.role]),
        reach=_reach_words(parts, user, says),
        flags=tuple(says.say(word) for held, word in flags if held),
        active=user.active,
        blind=not scope.regions or scope.opds == frozenset() or scope.areas == frozenset(),
    )


def form_of(parts: Parts, says: Speech, user: User | None = None) -> PersonForm:
    """The fields of an account as they stand; of nobody, as a new one begins."""
    if user is None:
        return again(parts, says, Typed("", Role.ANALYST, (), (), "", may_oversee=False, may_reveal=False))
    keys = parts.store.accounts.scope_of(user, frozenset(parts.profiles)).opds or ()  # a bare code stands for several
    said = Typed(
        user.display, user.role, user.regions, tuple(keys), ", ".join(user.areas),
        may_oversee=user.may_oversee, may_reveal=user.may_reveal,
    )  # fmt: skip
    return again(parts, says, said)


def again(parts: Parts, says: Speech, said: Typed, name: str = "") -> PersonForm:
    """The fields as they were typed, to be mended."""
    held = [p for p in parts.profiles.values() if not said.regions or p.slug in said.regions]
    several = len(parts.profiles) > 1
    return PersonForm(
        display=said.display,
        roles=tuple(Choice(role.value, says.say(ROLES[role]), role == said.role) for role in Role),
        regions=tuple(Choice(p.slug, p.short, p.slug in said.regions) for p in parts.profiles.values())
        if several
        else (),
        opds=tuple(
            Choice(p.agency_key(a.code), f"{a.code} — {a.name}", p.agency_key(a.code) in said.opds, p.short)
            for p in (held if said.regions else parts.profiles.values())
            for a in p.agencies.values()
            if a.level == p.level or p.agency_key(a.code) in said.opds
        ),
        areas=said.areas,
        may_oversee=said.may_oversee,
        may_reveal=said.may_reveal,
        name=name,
    )


def tokens_view(  # noqa: PLR0913  what the page shows
    parts: Parts, visitor: Visitor, says: Speech, *, secret: Secret | None = None, notice: str = "", fault: str = ""
) -> TokensView:
    """All tokens, and the form for one more."""
    now, zone = parts.clock(), parts.zone(visitor.scope)
    return TokensView(
        tabs=tabs(parts, visitor, "/pengaturan/token", says),
        tokens=tuple(
            TokenRow(
                id=one.id,
                name=one.name,
                user=one.user.display,
                scope=says.say(SCOPES[one.scope]),
                created=says.day(one.created_at.astimezone(zone).date()),
                expires=says.day(one.expires_at.astimezone(zone).date()) if one.expires_at else says.say("tanpa batas"),
                used=says.ago(one.used_at, now, zone) if one.used_at else says.say("belum pernah"),
                over=not one.user.active or (one.expires_at is not None and one.expires_at <= now),
            )
            for one in parts.store.accounts.tokens()
        ),
        people=tuple(
            Choice(u.name, f"{u.display} ({u.name})", u.name == visitor.user.name)
            for u in parts.store.accounts.users()
            if u.active
        ),
        scopes=tuple(Choice(scope.value, says.say(word)) for scope, word in SCOPES.items()),
        secret=secret,
        notice=notice,
        fault=fault,
    )


def _reach_words(parts: Parts, user: User, says: Speech) -> str:
    places = [parts.names.area(kode) for kode in user.areas]
    offices = [key.rpartition("/")[2].replace("_", " ") for key in user.opds]
    regions = [parts.names.of("region", slug, says) for slug in user.regions] or [says.say("semua wilayah")]
    return " · ".join(", ".join(part) for part in (regions, offices, places) if part)

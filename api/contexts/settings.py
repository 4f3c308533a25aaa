"""The pages of settings that concern the whole installation: people, tokens, the audit trail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the settings."""

    href: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a form's field."""

    value: str
    label: str
    chosen: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something told once, in this one answer."""

    title: str
    text: str
    about: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list."""

    name: str
    display: str
    role: str
    reach: str  # regions, agencies or villages in words
    flags: tuple[str, ...]
    active: bool
    blind: bool  # sees nothing at all: its office or village is missing


@dataclass(frozen=True, slots=True)
class PersonForm:
    """The fields of an account, as they stand or as they were typed."""

    display: str
    roles: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    opds: tuple[Choice, ...]
    areas: str
    may_oversee: bool
    may_reveal: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everybody, and the form for one more."""

    tabs: tuple[Tab, ...]
    people: tuple[PersonRow, ...]
    total: int
    q: str
    form: PersonForm
    secret: Secret | None = None
    notice: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A living session."""

    seen: str
    agent: str
    address: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """An account's own page."""

    tabs: tuple[Tab, ...]
    row: PersonRow
    form: PersonForm
    logins: tuple[LoginRow, ...]
    tokens: int
    own: bool
    must_change: bool
    secret: Secret | None = None
    notice: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token; its text was told once."""

    id: str
    name: str
    user: str
    scope: str
    created: str
    expires: str
    used: str
    over: bool  # opens nothing any more


@dataclass(frozen=True, slots=True)
class TokensView:
    """All tokens, and the form for one more."""

    tabs: tuple[Tab, ...]
    tokens: tuple[TokenRow, ...]
    people: tuple[Choice, ...]
    scopes: tuple[Choice, ...]
    secret: Secret | None = None
    notice: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A line of the trail."""

    when: str
    iso: str
    actor: str
    actor_href: str
    action: str
    word: str
    subject: str
    subject_href: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """The trail, newest first."""

    tabs: tuple[Tab, ...]
    rows: tuple[AuditRow, ...]
    actor: str
    action: str
    subject: str
    first: str
    last: str
    actors: tuple[str, ...]
    actions: tuple[Choice, ...]
    filtered: bool
    next_href: str | None
    csv_href: str

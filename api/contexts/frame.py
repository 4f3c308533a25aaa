"""What stands around every page: who reads, in which language and theme, and how fresh the posts are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A door that exists. `current` is the one the page stands behind.

    `count` names the live number beside it, `counted` says of what.
    """

    href: str
    label: str
    current: bool = False
    count: str | None = None
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """`csrf` guards every form of the page; it is empty where nobody is logged in."""

    lang: str  # id | en
    theme: str | None  # light | dark; None follows the system
    light_href: str  # this same page in light
    dark_href: str
    lang_href: str  # this same page in the other language
    nav: tuple[NavEntry, ...] = ()  # none while a one-time password is to be changed first
    user: str | None = None
    role: str | None = None
    csrf: str = ""
    place: str = ""  # the regions served, for people

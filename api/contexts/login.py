"""The login page, and the page that asks for a new password."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoginView:
    """`guard` is what the form must bring back; `then` is where to go afterwards, on this site only."""

    guard: str
    then: str
    name: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class PasswordView:
    """`due` says that nothing else is open until the password is changed."""

    due: bool
    message: str = ""

"""Who acts at the desk: a person of the center or of an agency, or the machine itself."""

from __future__ import annotations

from dataclasses import dataclass

from domain.scope import Scope
from domain.tickets import Party


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: user name, what he may see, and for whom he acts."""

    name: str
    scope: Scope
    party: Party

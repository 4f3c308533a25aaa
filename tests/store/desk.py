"""A desk on the small line: posts whose words say where they are and how sure one may be, and the people who judge."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from desk.actors import Actor
from desk.proposals import Proposer
from desk.tickets import TicketDesk
from desk.triage import Triage
from domain.cases import Case, CaseStatus, ResolvedPlace
from domain.documents import PostDocument
from domain.labels import LabelTask
from domain.posts import Incoming, RawPost
from domain.reading import Reading
from domain.regions import RegionProfile, load_regions
from domain.scope import Scope
from domain.taxonomy import load_taxonomy
from domain.tickets import Party
from store import Store
from store.triage import TriageQuery
from tests.store.line import ALL, OTHER, REGION, PureDecider, PureReader, Shelf, incoming

RATNA = Actor("ratna", ALL, Party.CENTER)
BUDI = Actor("budi", ALL, Party.CENTER)
_WORDS = (
    "rusak berlubang becek menumpuk padam bocor longsor banjir kering jebol antre habis jarang gelap licin bau macet "
    "retak amblas tersumbat berdebu mampet keruh tumpah berserakan berkarat miring roboh terkunci kosong hilang pecah"
).split()


def complaint(number: int, what: str = "jalan", *, copy: int = 0, more: str = "", **changes: Any) -> Incoming:
    """A complaint of its own words and its own desa, both told by the number; a copy tells the same story."""
    words = " ".join(random.Random(number).sample(_WORDS, 10))
    said = f"{what} {words} nomor-{number} {more}".strip()
    return incoming(f"{number}-{copy}", changes.pop("text", said), **changes)


class PlacingDecider(PureDecider):
    """Places by `nomor-<n>`; `entah` has no place, `ragu` no sure office."""

    def _case(self, post: RawPost, reading: Reading, region: str, status: CaseStatus) -> Case:
        case = super()._case(post, reading, region, status)
        number = next((word.removeprefix("nomor-") for word in post.text.split() if word.startswith("nomor-")), "0")
        said = status.said(LabelTask.PLACE)
        kode = said or f"52.01.06.{2000 + int(number)}"
        nowhere = "entah" in post.text and said is None
        places = () if nowhere else (ResolvedPlace(kode=kode, name="Desa", level="desa", why="disebut"),)
        sure = 0.3 if "ragu" in post.text and status.said(LabelTask.OPD) is None else case.opd[0].p
        first = case.opd[0].model_copy(update={"p": sure})
        return case.model_copy(update={"places": places, "opd": (first,)})


@dataclass
class Center:
    """A command center on one truth."""

    store: Store
    tickets: TicketDesk
    triage: Triage
    proposer: Proposer
    shelf: Shelf

    def hears(self, posts: Sequence[Incoming]) -> None:
        """Take posts in and decide them."""
        self.store.intake.accept(posts)
        self.decides()

    def decides(self) -> None:
        """Read, decide and index what waits on the belts."""
        reader, decider, belts = PureReader(), PlacingDecider(), self.store.belts
        while belts.step_read(reader) or belts.step_decide(decider) or belts.step_index(self.shelf.upsert):
            pass

    def proposes(self) -> None:
        """Let the machine sort all that is new."""
        while self.proposer.turn():
            pass

    def waits(self, view: str = "semua", scope: Scope = ALL, me: str = "ratna") -> list[str]:
        """The stories of a view, in order, page by page."""
        found: list[str] = []
        after = None
        while True:
            page = self.store.triage.queue(TriageQuery(view, size=3, after=after), scope, me=me, now=self.store.clock())
            found += [item.story for item in page.items]
            after = page.next
            if after is None:
                assert page.total == len(found)
                return found

    def told(self, story: str) -> list[PostDocument]:
        """The cases of a story."""
        return self.store.stories.cases(story, ALL)


@cache
def profiles_read() -> dict[str, RegionProfile]:
    """The regions, read once for all tests."""
    return load_regions((REGION, OTHER))


def center(store: Store) -> Center:
    """A center on a truth; two people work there."""
    profiles, clock = profiles_read(), store.clock
    tickets = TicketDesk(store, profiles, load_taxonomy(), clock)
    return Center(
        store, tickets, Triage(store, tickets, profiles, clock), Proposer(store, tickets, profiles, clock), Shelf()
    )


def hire(store: Store) -> None:
    """Give the two people of the desk their accounts."""
    for name, display in (("ratna", "Baiq Ratna"), ("budi", "Lalu Budi")):
        store.accounts.create_user(name, display=display, role="analis", password="sandi-uji-yang-panjang")

"""A look at the queue as an address says it: read forgivingly, written back exactly, made a question to truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams

from api.speech import N_
from store.triage import TriageQuery

PATH: Final = "/meja"
PAGE_SIZE: Final = 20  # keeps the page under 60 KB; what is judged makes room for the next
MAX_LENGTH: Final = 200  # of any value: a story's name and a cursor are far shorter
MAX_TICKED: Final = 100  # stories of one bulk verdict: each is a transaction of its own
VIEWS: Final = {
    "semua": N_("Semua"),
    "baru": N_("Baru"),
    "saya": N_("Punya saya"),
    "ragu": N_("Ragu"),
    "tanpa_tempat": N_("Tanpa tempat"),
    "pengawasan": N_("Menuduh pejabat"),
    "lama": N_("Sudah lama"),
}
USUAL: Final = "semua"


@dataclass(frozen=True, slots=True)
class DeskAsked:
    """One look at the queue. `pick` is the story beside it, `ticked` those marked for a verdict on many."""

    view: str = USUAL
    region: str = ""
    area: str = ""
    topic: str = ""
    after: str | None = None
    pick: str | None = None
    ticked: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is in force."""
        return bool(self.region or self.area or self.topic)

    def changed(self, **changes: Any) -> DeskAsked:
        """The same look with something else, from its first page and with nothing picked."""
        return replace(self, **{"after": None, "pick": None, **changes})

    def picking(self, story: str | None) -> DeskAsked:
        """The same page with another story beside it."""
        return replace(self, pick=story)

    def wider(self) -> DeskAsked:
        """Without any filter."""
        return self.changed(region="", area="", topic="")

    def query_string(self) -> str:
        """What stands behind the question mark."""
        pairs = [("lihat", self.view)] if self.view != USUAL else []
        pairs += [
            (name, value)
            for name, value in (
                ("region", self.region), ("area", self.area), ("topic", self.topic),
                ("setelah", self.after or ""), ("pilih", self.pick or ""),
            )
            if value
        ]  # fmt: skip
        return urlencode([*pairs, *(("x", story) for story in self.ticked)])

    def href(self) -> str:
        """The address of this look."""
        query = self.query_string()
        return f"{PATH}?{query}" if query else PATH

    def query(self) -> TriageQuery:
        """What truth is asked."""
        return TriageQuery(
            view=self.view,
            region=(self.region,) if self.region else (),
            area=self.area or None,
            topic=(self.topic,) if self.topic else (),
            after=self.after,
            size=PAGE_SIZE,
        )


def read_desk(params: QueryParams) -> DeskAsked:
    """Read an address. What cannot be used is left out."""
    view = params.get("lihat", USUAL)
    return DeskAsked(
        view=view if view in VIEWS else USUAL,
        region=_short(params, "region"),
        area=_short(params, "area"),
        topic=_short(params, "topic"),
        after=_short(params, "setelah") or None,
        pick=_short(params, "pilih") or None,
        ticked=tuple(dict.fromkeys(x for x in params.getlist("x") if x and len(x) <= MAX_LENGTH))[:MAX_TICKED],
    )


def desk_of(here: str) -> DeskAsked:
    """The look that a form was sent from, as its address had it."""
    return read_desk(QueryParams(parse_qsl(here, keep_blank_values=False)))


def _short(params: QueryParams, name: str) -> str:
    value = params.get(name, "")
    return value if len(value) <= MAX_LENGTH else ""

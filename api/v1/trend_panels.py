"""`/api/v1/trends/{panel}`: the numbers behind a panel of the page, for the same filter and the same scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.asked import NEWEST, OLDEST, USUAL_DAYS, Asked
from api.parts import Rooms
from api.problems import responses
from api.speech import speech
from api.trends.asked import TrendAsked
from api.trends.keep import Keep
from api.trends.page import question_of, teller_of
from api.trends.panel import Panel
from api.trends.table import Value
from api.v1.answers import Answer
from api.v1.asking import Code
from api.visitors import ApiReader
from domain.errors import NotFound
from domain.labels import Channel, Intent, Language, Sentiment, Urgency

LATEST = NEWEST - timedelta(days=1)


def _sensible(day: date) -> date:
    """Bring far-off days to where posts can lie."""
    return min(max(day, OLDEST), LATEST)


Day = Annotated[date, AfterValidator(_sensible)]
FIELDS = (
    "region",
    "kecamatan",
    "desa",
    "topic",
    "sentiment",
    "intent",
    "urgency",
    "opd",
    "source",
    "channel",
    "language",
)


class PanelParams(BaseModel):
    """Local days, both included, and conditions as in searches. Without days: the 30 up to today."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: Day | None = Field(None, alias="from", description="First local day.")
    last: Day | None = Field(None, alias="to", description="Last local day; today where it lies later.")
    compare: bool = Field(default=True, description="Beside the same number of days before.")
    q: str = Field("", max_length=2_000, description="Boolean search, as in /api/v1/posts.")
    region: list[Code] = []
    kecamatan: list[Code] = []
    desa: list[Code] = []
    topic: list[Code] = []
    sentiment: list[Sentiment] = []
    intent: list[Intent] = []
    urgency: list[Urgency] = []
    opd: list[Code] = []
    source: list[Code] = []
    channel: list[Channel] = []
    language: list[Language] = []

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first and self.last and self.first > self.last:
            raise ValueError("from must not lie after to")
        return self

    def asked(self) -> TrendAsked:
        """The trend that is asked for."""
        given = {name: tuple(str(value) for value in getattr(self, name)) for name in FIELDS}
        values = {name: held for name, held in given.items() if held}
        asked = Asked(q=" ".join(self.q.split()), days=USUAL_DAYS, first=self.first, last=self.last, values=values)
        return TrendAsked(asked, self.compare)


class PanelRows(Answer):
    """A panel's numbers: one object a row, the columns of its CSV file."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    panel: str
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    total: int = Field(description="How many rows there are; all of them are in `items`.")
    items: tuple[dict[str, Value], ...]
    notes: tuple[str, ...] = Field(description="In Indonesian: what the numbers alone do not tell.")
    next: None = None


def trend_panel_routes(panels: Mapping[str, Panel[Any]], keep: Keep) -> APIRouter:
    """The address of each panel that there is."""
    router = APIRouter(tags=["trends"])

    @router.get("/trends/{panel}", responses=responses(400, 401, 403, 404, 422, 503))
    def read_panel(
        visitor: ApiReader,
        parts: Rooms,
        panel: Annotated[str, Path(max_length=40, description="Key of a panel, such as opd.")],
        params: Annotated[PanelParams, Query()],
    ) -> PanelRows:
        """What a panel of the page of trends counts, in the zone of the region asked for."""
        found = panels.get(panel)
        if found is None:
            raise NotFound("Panel itu tidak ada.")
        question = question_of(parts, visitor, params.asked())
        teller = teller_of(question, speech("id"))
        answer = keep.answer(found, question).answer
        columns, *rows = found.table(answer, teller).plain()
        return PanelRows(
            panel=panel,
            first=question.stretch.first,
            last=question.stretch.last,
            total=len(rows),
            items=tuple(dict(zip(map(str, columns), row, strict=True)) for row in rows),
            notes=tuple(note.text for note in found.notes(answer, teller)),
        )

    return router

"""Query parameters of the list of tickets, the same names as `store.ticketlists.TicketQuery` has."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.v1.asking import Moment
from domain.labels import Intent, Urgency
from domain.scope import Scope
from domain.tickets import TicketState
from store.ticketlists import MAX_PAGE, TicketOrder, TicketQuery, TicketView

Code = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]


class TicketParams(BaseModel):
    """Conditions: all fields together, any of one field's values. Repeat a parameter for several values."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = Field(
        "", description="A code, the beginning of one, or words of the title."
    )
    view: TicketView = "semua"
    state: list[TicketState] = []
    opd: list[Code] = Field([], description='"lombok-barat/PUTR"; a bare short name stands for it in each region.')
    region: list[Code] = Field([], description="Slug of a region.")
    area: Code | None = Field(None, description="Kemendagri code: this area and what lies in it.")
    topic: list[Code] = Field([], description="Main topic or topic; see /api/v1/topics.")
    urgency: list[Urgency] = []
    intent: list[Intent] = []
    oversight: bool | None = Field(None, description="Whether someone in office is accused.")
    since: Moment | None = Field(None, description="Opened at or after.")
    until: Moment | None = Field(None, description="Opened before.")
    order: TicketOrder = Field("tenggat", description="`tenggat`: what is due first comes first.")
    size: int = Field(20, ge=1, le=MAX_PAGE)
    after: str | None = Field(None, max_length=400, description="`next` of the page before.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("since must lie before until")
        return self

    def query(self, scope: Scope) -> TicketQuery:
        """What the store is asked."""
        keys = [
            key
            for value in self.opd
            for key in ((value,) if "/" in value else (f"{slug}/{value}" for slug in sorted(scope.regions)))
        ]
        return TicketQuery(
            view=self.view,
            state=tuple(self.state),
            opd=tuple(dict.fromkeys(keys)),
            region=tuple(self.region),
            area=self.area,
            topic=tuple(self.topic),
            urgency=tuple(self.urgency),
            intent=tuple(self.intent),
            oversight=self.oversight,
            since=self.since,
            until=self.until,
            q=self.q,
            order=self.order,
            after=self.after,
            size=self.size,
        )

"""`/api/v1/intake/{channel}`: other systems hand posts in. The same sender's id twice is one post."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.parts import Parts, Rooms
from api.problems import responses
from api.v1.answers import Handed
from api.v1.bodies import json_body
from api.v1.moments import WrittenMoment
from api.visitors import ApiSender, Visitor
from domain.errors import Forbidden, PostQuarantined, Refused
from domain.labels import Channel, DateTrust
from domain.posts import MAX_TEXT, MAX_TITLE, Hints, Incoming, Latitude, Longitude

router = APIRouter(tags=["intake"])
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"\S")]


class HandedIn(BaseModel):
    """A post as its sender gives it. Personal data in it is masked before anything is written."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[
        Words,
        Field(
            max_length=200,
            pattern=r"^[^\x00-\x1f\x7f]+$",
            description="The sender's own id; sending it again changes nothing.",
        ),
    ]
    text: Annotated[Words, Field(max_length=MAX_TEXT)]
    region: Annotated[str, Field(max_length=60)] | None = Field(
        None,
        description="Slug of the region it is for; see /api/v1/regions. May be absent where the token serves only one.",
    )
    title: Annotated[str, Field(max_length=MAX_TITLE)] | None = None
    published_at: WrittenMoment | None = Field(
        None, description="When it was said; now, where absent or in the future."
    )
    url: Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")] | None = None
    author: Annotated[str, Field(max_length=200)] | None = Field(None, description="Kept only as a keyed hash.")
    contact: Annotated[str, Field(max_length=200)] | None = Field(None, description="Kept only encrypted.")
    place: Annotated[str, Field(max_length=300)] | None = Field(None, description="An address or place in words.")
    lat: Latitude | None = None
    lon: Longitude | None = None


@router.post(
    "/intake/{channel}",
    status_code=201,
    responses={
        200: {"model": Handed, "description": "Known already: unchanged, or revised."},
        **responses(400, 401, 403, 413, 415, 422, 503),
    },
    dependencies=[Depends(json_body)],
)
def hand_in(
    visitor: ApiSender,
    parts: Rooms,
    channel: Annotated[Channel, Path(description="The door by which it came.")],
    post: HandedIn,
    response: Response,
) -> Handed:
    """Hand one post in. 201 for a new one, 200 for one that is known by the sender's id."""
    handed = accept(parts, visitor, channel, post)
    response.status_code = 201 if handed.outcome == "added" else 200
    return handed


def accept(parts: Parts, visitor: Visitor, channel: Channel, post: HandedIn) -> Handed:
    """Give a post to truth. Forbidden for a region that the token's owner does not serve, Refused for an unsaid one."""
    region = _region(visitor, post.region)
    incoming = Incoming(
        namespace=f"intake:{visitor.user.name}",
        native_id=f"{channel.value}:{post.id}",
        source=f"intake-{channel.value.replace('_', '-')}",
        regions=(region,),
        channel=channel,
        url=post.url,
        author=post.author,
        contact=post.contact,
        title=post.title or None,
        text=post.text,
        published_at=post.published_at,
        date_trust=DateTrust.EXACT,
        fetched_at=parts.clock(),
        lat=post.lat,
        lon=post.lon,
        hints=Hints(place=post.place),
    )
    report = parts.store.intake.accept([incoming])
    if report.quarantined:
        raise PostQuarantined("Kiriman tidak dapat disimpan apa adanya; disisihkan untuk dilihat pengelola.")
    outcome = "added" if report.added else "revised" if report.revised else "unchanged"
    return Handed(post_id=incoming.id, outcome=outcome)


def _region(visitor: Visitor, named: str | None) -> str:
    """The region that a post is for: the one it names, else the only one that the sender serves."""
    served = sorted(visitor.scope.regions)
    if named is None:
        if len(served) != 1:
            raise Refused(f"Sebutkan region, salah satu dari: {', '.join(served) or '(tidak ada)'}.")
        return served[0]
    if named not in visitor.scope.regions:
        raise Forbidden(f"Token ini tidak melayani wilayah {named!r}.")
    return named

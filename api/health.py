"""Addresses for machines that watch machines: alive, ready, numbers."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from api.parts import Parts, Rooms
from api.problems import responses
from api.visitors import READ, with_token
from domain.errors import Forbidden

router = APIRouter(tags=["health"])
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Alive(BaseModel):
    """The web server answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Truth and index answer."""

    status: Literal["ok"] = "ok"
    documents: int
    cases: int


@router.get("/healthz")
def healthz() -> Alive:
    """Whether the process answers. Asks nothing else."""
    return Alive()


@router.get("/readyz", responses=responses(503))
def readyz(parts: Rooms) -> Ready:
    """Whether database and index answer."""
    return Ready(documents=parts.index.status().documents, cases=parts.store.counts().cases)


@router.get(
    "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}, **responses(401, 403)}
)
def metrics(request: Request, parts: Rooms) -> Response:
    """Numbers in Prometheus' format: to this machine itself, or to an admin's token with scope read."""
    if not from_this_machine(request):
        _admit(parts, request.headers.get("authorization", ""))
    return Response(parts.metrics.text(parts), headers={"Content-Type": CONTENT_TYPE_LATEST})


def from_this_machine(request: Request) -> bool:
    """Whether the caller is local. A proxy on this machine makes everyone look local, so what it forwards is not."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _admit(parts: Parts, authorization: str) -> None:
    scheme, _, token = authorization.partition(" ")
    visitor = with_token(parts, token.strip() if scheme.lower() == "bearer" else "")
    if visitor.user.role != "admin" or READ not in visitor.grants:
        raise Forbidden("Angka ini hanya untuk pengelola.")

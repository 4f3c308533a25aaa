"""`/langsung`: server-sent events for pages that stand open. Without script nobody asks for it and nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.live import EVERY_SECONDS, ROUNDS, Shared, pulse
from api.parts import Rooms
from api.visitors import COOKIE, PageReader, logged_in


def live_routes(shared: Shared) -> APIRouter:
    """The stream, on counts that its readers share."""
    router = APIRouter()

    @router.get("/langsung", response_class=EventSourceResponse)
    async def live(request: Request, parts: Rooms, _visitor: PageReader) -> AsyncIterator[ServerSentEvent]:
        """Tell the counts at once, then whenever they change; `keluar` when the login has ended."""
        told = None
        for _ in range(ROUNDS):
            visitor = await run_in_threadpool(logged_in, parts, request.cookies.get(COOKIE), used=False)
            if visitor is None:
                yield ServerSentEvent(event="keluar", data={})
                return
            counted = await run_in_threadpool(pulse, parts, visitor, shared)
            if counted != told:
                yield ServerSentEvent(event="hitungan", data=counted)
                told = counted
            await anyio.sleep(EVERY_SECONDS)

    return router

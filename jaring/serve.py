"""`jaring run api`: the web server on the address that the settings name."""

from __future__ import annotations

from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.settings import ApiSettings
from jaring.wiring import Hall, overlay_folders

CLOSE_SECONDS = 8  # how long open answers may take to finish when the server is asked to stop


def build(hall: Hall) -> FastAPI:
    """The application on the hall's parts."""
    return create_app(
        index=hall.index,
        store=hall.store,
        profiles=hall.profiles,
        taxonomy=hall.taxonomy,
        settings=ApiSettings(
            base_url=hall.settings.base_url,
            public_form=hall.settings.public_form,
            overlays=overlay_folders(hall.settings.overlays),
        ),
        clock=lambda: datetime.now(UTC),
        encoder=hall.query_encoder,
        kinds=hall.kinds,
        budget_of=hall.budget_of,
        answer_of=hall.shelf.answer,
    )


def serve(hall: Hall) -> None:
    """Serve until stopped."""
    uvicorn.Server(config(hall)).run()


def config(hall: Hall) -> uvicorn.Config:
    """How it is served. Behind the proxies that settings name, the address they forward is the caller's."""
    return uvicorn.Config(
        build(hall),
        host=hall.settings.host,
        port=hall.settings.port,
        log_config=None,
        access_log=False,  # addresses hold what people searched for
        server_header=False,
        forwarded_allow_ips=hall.settings.proxies,
        lifespan="off",
        timeout_graceful_shutdown=CLOSE_SECONDS,
    )

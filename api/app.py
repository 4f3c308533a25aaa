"""Puts the application together from the parts it is handed. Importing this builds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from fastapi import FastAPI

from api import health
from api.answers import attach_answers
from api.doors import webhooks
from api.guards import BodyLimit, HeadAsGet, SecurityHeaders
from api.live import Shared
from api.maps import Maps
from api.metrics import Measured, Metrics
from api.names import Names
from api.openapi import attach_openapi
from api.pages import (
    alerts,
    export,
    login,
    photo,
    post,
    quality,
    record,
    report,
    search,
    secret,
    source_answer,
    source_finds,
    source_keys,
    source_settings,
    sources,
    triage,
)
from api.pages import ticket as ticket_page
from api.pages import tickets as ticket_list
from api.pages.live import live_routes
from api.pages.settings import settings_routes
from api.pages.trends import trend_routes
from api.parts import Parts
from api.preferences import Preferences
from api.render import Pages
from api.settings import ApiSettings
from api.static_files import load_assets, static_routes
from api.trends.keep import Keep
from api.trends.registry import load_panels
from api.v1 import alerts as alerts_api
from api.v1 import catalogue, intake, posts, tickets, trends
from api.v1 import quality as v1_quality
from api.v1.trend_panels import trend_panel_routes
from desk.profiles import ProfileBook
from desk.services import desk_services
from domain.answers import KeptAnswer
from domain.doors import Budget, KindFacts
from domain.ports import PostIndex, QueryEncoder, SourceSpec
from domain.taxonomy import Taxonomy
from store import Store
from store.photos import MOST


def create_app(  # noqa: PLR0913  the parts of a web server, each handed in
    *,
    index: PostIndex,
    store: Store,
    profiles: ProfileBook,
    taxonomy: Taxonomy,
    settings: ApiSettings,
    clock: Callable[[], datetime],
    encoder: QueryEncoder | None = None,
    kinds: Mapping[str, KindFacts] | None = None,
    budget_of: Callable[[SourceSpec], Budget | None] = lambda _: None,
    answer_of: Callable[[str], KeptAnswer] | None = None,
) -> FastAPI:
    """Build the ASGI application. It owns nothing that it is handed: closing is the caller's business."""
    assets, metrics = load_assets(), Metrics()
    app = FastAPI(
        title="Jaring",
        version=settings.version,
        docs_url=None,  # both documentation pages load their script from elsewhere
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.parts = Parts(
        index=index,
        store=store,
        profiles=profiles,
        taxonomy=taxonomy,
        settings=settings,
        clock=clock,
        names=Names(taxonomy, profiles, lambda: {spec.key: spec.name for spec in store.sources.specs()}),
        maps=Maps(profiles, settings.overlays),
        desk=desk_services(store, profiles, taxonomy, clock),
        pages=Pages(assets, profiles),
        metrics=metrics,
        encoder=encoder,
        kinds=kinds or {},
        budget_of=budget_of,
        answer_of=answer_of,
    )
    for router in (
        posts.router, tickets.router, trends.router, catalogue.router, intake.router, v1_quality.router,
        alerts_api.router,
    ):  # fmt: skip
        app.include_router(router, prefix="/api/v1")
    app.include_router(health.router)
    for router in (
        login.router,
        search.router,
        export.router,
        post.router,
        secret.router,
        record.router,
        photo.router,
        static_routes(assets),
    ):
        app.include_router(router, include_in_schema=False)
    for router in (ticket_list.router, ticket_page.router):  # what has a name of its own before what is named by a code
        app.include_router(router, include_in_schema=False)
    app.include_router(triage.router, include_in_schema=False)
    for router in (
        source_keys.router,
        source_finds.router,
        sources.router,
        source_settings.router,
        source_answer.router,
    ):
        app.include_router(router, include_in_schema=False)
    app.include_router(alerts.router, include_in_schema=False)
    app.include_router(quality.router, include_in_schema=False)
    app.include_router(settings_routes(), include_in_schema=False)
    panels, keep = load_panels(), Keep()
    app.include_router(trend_panel_routes(panels, keep), prefix="/api/v1")
    app.include_router(trend_routes(panels, keep), include_in_schema=False)
    app.include_router(live_routes(Shared()), include_in_schema=False)
    app.include_router(report.router, include_in_schema=False)
    app.include_router(webhooks.router, include_in_schema=False)
    attach_answers(app)
    attach_openapi(app)
    app.add_middleware(Preferences, secure=settings.is_secure)
    photo_form = settings.max_body_bytes + MOST * settings.photo_bytes
    forms = ("/catat", *(f"/lapor/{slug}" for slug in profiles))
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes, wider=dict.fromkeys(forms, photo_form))
    app.add_middleware(SecurityHeaders, secure=settings.is_secure)
    app.add_middleware(Measured, metrics=metrics)
    app.add_middleware(HeadAsGet)
    return app

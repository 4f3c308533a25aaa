"""`/pengaturan`: all of its pages as one router."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import settings_agencies, settings_audit, settings_people, settings_regions, settings_tokens


def settings_routes() -> APIRouter:
    """The routes of the settings."""
    routes = APIRouter()
    for page in (settings_people, settings_tokens, settings_agencies, settings_regions, settings_audit):
        routes.include_router(page.router)
    return routes

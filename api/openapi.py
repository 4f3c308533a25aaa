"""The OpenAPI document: FastAPI's own, with the problem document described once and health left out of nothing."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import Problem

ABOUT = (
    "Search, trends and corrections of a Jaring installation. Authenticate with `Authorization: Bearer` and a token "
    "of `jaring token add`, or with a login's cookie (then `X-CSRF-Token` beside what changes things). "
    "Lists answer total, items and next; errors are problem documents of RFC 9457."
)


def attach_openapi(app: FastAPI) -> None:
    """Describe the API at /api/v1/openapi.json."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title="Jaring", version=app.version, description=ABOUT, routes=app.routes)
            components = schema.setdefault("components", {}).setdefault("schemas", {})
            components["Problem"] = Problem.model_json_schema()
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the documented way to extend it

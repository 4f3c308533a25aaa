"""The API keeps what its OpenAPI document promises."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok

from tests.api.installation import Installation, case

load_all_checks()
# Per operation and mode; the whole test stays under a minute.
BOUNDED = settings(
    max_examples=12, deadline=None, database=None, derandomize=True,
    phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
)  # fmt: skip
KINDS = ("400", "401", "403", "404", "405", "409", "413", "415", "422", "429", "503")
# JSON Schema cannot tell a readable query, a given cursor or an existing place: those are refused by meaning.
BEYOND_SCHEMA: list[Any] = CHECKS.get_by_names(["positive_data_acceptance"])


@pytest.fixture(scope="module")
def document(quiet_address: str) -> dict[str, object]:
    """The OpenAPI document as it is served."""
    body: dict[str, object] = httpx.get(f"{quiet_address}/api/v1/openapi.json").json()
    return body


def test_every_answer_and_every_error_is_typed(
    document: dict[str, dict[str, dict[str, dict[str, dict[str, dict[str, object]]]]]],
) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                assert content, f"{where} {status}"
                if status in KINDS:
                    assert list(content) == ["application/problem+json"], f"{where} {status}"  # type: ignore[call-overload]
            if path.startswith("/api/"):
                assert "401" in operation["responses"], where
                assert "503" in operation["responses"], where


def test_only_what_exists_is_described(document: dict[str, dict[str, object]]) -> None:
    assert sorted(document["paths"]) == [
        "/api/v1/alerts", "/api/v1/alerts/{alert_id}/state",
        "/api/v1/intake/{channel}", "/api/v1/posts", "/api/v1/posts/{case_id}", "/api/v1/posts/{case_id}/labels",
        "/api/v1/quality", "/api/v1/regions", "/api/v1/sources", "/api/v1/tickets", "/api/v1/tickets/{code}",
        "/api/v1/tickets/{code}/actions", "/api/v1/topics", "/api/v1/trends", "/api/v1/trends/{panel}",
        "/api/v1/watches", "/api/v1/watches/{watch_id}",
        "/healthz", "/metrics", "/readyz",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_breaks_the_promise(place: Installation, address: str, mode: GenerationMode) -> None:
    """Schemathesis sends what the document allows, then what it forbids, as an admin who may do everything."""
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    intake, other = place.token("admin", "intake"), place.token("admin", "write")
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {other}"}) as client:
        ticket = client.post("/api/v1/tickets", json={"cases": [case("sasak")], "opd": "PUTR"}).json()["ticket"]
    known = {
        "/api/v1/posts/{case_id}/labels": {"case_id": case("kubangan")},
        "/api/v1/tickets/{code}/actions": {"code": ticket["code"]},
    }
    for operation in (found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)):
        token = intake if "intake" in operation.path else other
        strategy = operation.as_strategy(generation_mode=mode, path_parameters=known.get(operation.path))
        try:
            _holds(strategy, {"Authorization": f"Bearer {token}"})
        except Unsatisfiable:
            continue  # an operation that takes nothing can be asked nothing wrong


def _holds(strategy: SearchStrategy[schemathesis.Case[Any]], headers: dict[str, str]) -> None:
    @given(asked=strategy)
    @BOUNDED
    def keeps_its_promise(asked: schemathesis.Case[Any]) -> None:
        asked.call_and_validate(headers=headers, excluded_checks=BEYOND_SCHEMA)

    keeps_its_promise()

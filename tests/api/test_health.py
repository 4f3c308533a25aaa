"""Addresses for machines that watch machines."""

from __future__ import annotations

import httpx
import pytest

from tests.api.installation import Installation


def test_readiness_counts_truth_and_index(quiet_address: str) -> None:
    assert httpx.get(f"{quiet_address}/readyz").json() == {"status": "ok", "documents": 56, "cases": 56}


def test_metrics_answer_this_machine_and_name_routes_not_addresses(quiet_address: str) -> None:
    httpx.get(f"{quiet_address}/kiriman/rahasia-di-alamat")
    answer = httpx.get(f"{quiet_address}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'jaring_belt_waiting{belt="index"} 0.0' in answer.text
    assert 'route="/kiriman/{case_id}"' in answer.text
    assert "rahasia-di-alamat" not in answer.text


def test_a_made_up_method_makes_no_new_series(quiet_address: str) -> None:
    assert httpx.request("MERPATI", f"{quiet_address}/healthz").status_code == 405
    assert "MERPATI" not in httpx.get(f"{quiet_address}/metrics").text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/masuk"])
def test_head_is_get_without_the_body(quiet_address: str, path: str) -> None:
    told, whole = httpx.head(f"{quiet_address}{path}"), httpx.get(f"{quiet_address}{path}")
    assert (told.status_code, told.content) == (whole.status_code, b"")
    assert told.headers["content-length"] == str(len(whole.content))
    assert told.headers["content-type"] == whole.headers["content-type"]


def test_metrics_behind_a_proxy_need_an_admins_token(quiet: Installation, quiet_address: str) -> None:
    def ask(**headers: str) -> int:
        return httpx.get(f"{quiet_address}/metrics", headers={"X-Forwarded-For": "203.0.113.7", **headers}).status_code

    assert ask() == 401
    assert ask(Authorization=f"Bearer {quiet.token('ratna', 'read')}") == 403
    assert ask(Authorization=f"Bearer {quiet.token('admin', 'read')}") == 200

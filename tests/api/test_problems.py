"""Every failure is a problem document under /api, and a page that says what to do elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import httpx
import pytest

from tests.api.conftest import Caller
from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import logged_in


def is_problem(answer: httpx.Response, status: int, kind: str) -> bool:
    body = answer.json()
    return (
        answer.status_code == body["status"] == status
        and answer.headers["content-type"] == "application/problem+json"
        and body["type"] == f"urn:jaring:problem:{kind}"
        and bool(body["title"])
        and bool(body["detail"])
        and answer.request.url.path == body["instance"]
    )


def test_an_unknown_address_is_a_problem(reads: Caller) -> None:
    assert is_problem(reads().get("/tidak-ada"), 404, "not-found")


def test_a_method_that_is_not_served_is_a_problem_that_says_which_are(reads: Caller) -> None:
    answer = reads().delete("/posts")
    assert is_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


def test_a_body_of_another_type_is_a_problem(calls: Caller) -> None:
    answer = calls().post(
        f"/posts/{case('kubangan')}/labels", content="task=urgency", headers={"Content-Type": "text/plain"}
    )
    assert is_problem(answer, 415, "unsupported-body")


def test_a_body_that_is_no_json_is_a_problem(calls: Caller) -> None:
    answer = calls().post(
        f"/posts/{case('kubangan')}/labels", content="{", headers={"Content-Type": "application/json"}
    )
    assert is_problem(answer, 422, "refused")


def test_a_body_that_is_too_large_is_a_problem_declared_or_not(calls: Caller) -> None:
    client = calls("ratna", "intake")
    headers = {"Content-Type": "application/json"}
    assert is_problem(client.post("/intake/telepon", content=b" " * 1_000_001, headers=headers), 413, "too-large")

    def parts() -> Iterator[bytes]:
        yield from (b" " * 100_000 for _ in range(11))

    assert is_problem(client.post("/intake/telepon", content=parts(), headers=headers), 413, "too-large")


def test_pages_fail_with_a_page_that_leads_on(quiet_address: str) -> None:
    answer = httpx.get(f"{quiet_address}/tidak-ada")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert 'href="/"' in answer.text


@pytest.fixture
def broken(place: Installation) -> Installation:
    """An installation whose index is gone."""
    place.index.close()
    shutil.rmtree(place.home / "index")
    (place.home / "index").write_text("bukan folder")
    return place


def test_search_says_so_when_the_index_is_down(broken: Installation, calls: Caller, address: str) -> None:
    answer = calls("ratna", "read").get("/posts")
    assert is_problem(answer, 503, "index-unavailable")
    assert answer.headers["retry-after"]
    ready = httpx.get(f"{address}/readyz")
    assert is_problem(ready, 503, "index-unavailable")
    assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
    assert 'jaring_up{part="index"} 0.0' in httpx.get(f"{address}/metrics").text


def test_the_search_page_has_a_failing_face_and_posts_stay_readable(broken: Installation, address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as client:
        page = client.get("/cari?q=jalan")
        assert page.status_code == 503
        assert "Pencarian sedang terganggu" in page.text
        assert 'value="jalan"' in page.text
        assert client.get(f"/kiriman/{case('kubangan')}").status_code == 200

"""Search by meaning, by the API and by the page: for whom, by what, and what it never shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.api.installation import PASSWORD, Installation, case, installed
from tests.api.meaning import ToyEncoder, place_all
from tests.api.serving import logged_in, served

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with an encoder, all of whose posts stand somewhere."""
    encoder = ToyEncoder()
    with installed(tmp_path_factory.mktemp("makna"), more=10, encoder=encoder) as place:
        place_all(place, encoder)
        yield place


@pytest.fixture(scope="module")
def town_address(town: Installation) -> Iterator[str]:
    with served(town.app) as address:
        yield address


@pytest.fixture
def ask(town: Installation, town_address: str) -> Iterator[Ask]:
    """Asks the API for posts as a person."""
    with httpx.Client(base_url=f"{town_address}/api/v1") as client:

        def posts(user: str = "ratna", **params: object) -> httpx.Response:
            headers = {"Authorization": f"Bearer {town.token(user, 'read')}"}
            return client.get("/posts", params={"fold": "false", "size": 50, **params}, headers=headers)  # type: ignore[dict-item]

        yield posts


@pytest.fixture
def page(town_address: str) -> Iterator[httpx.Client]:
    with logged_in(town_address, "ratna", PASSWORD) as client:
        yield client


def ids(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {post["id"] for post in answer.json()["items"]}


def test_other_words_of_the_same_meaning_are_found(ask: Ask) -> None:
    assert case("rumus") in ids(ask(q="limbah", mode="meaning"))
    assert ids(ask(q="limbah")) == set()


def test_the_answer_holds_no_vector(ask: Ask) -> None:
    answer = ask(q="limbah", mode="meaning")
    assert not [name for post in answer.json()["items"] for name in post if "vector" in name or "emb" in name]


def test_without_an_order_the_nearest_come_first_and_by_text_the_newest(ask: Ask) -> None:
    scores = [post["score"] for post in ask(q="limbah", mode="hybrid").json()["items"]]
    assert scores == sorted(scores, reverse=True)
    assert None not in scores
    newest = [post["published_at"] for post in ask(q="limbah", mode="hybrid", order="newest").json()["items"]]
    assert newest == sorted(newest, reverse=True)
    assert [post["score"] for post in ask(q="sampah").json()["items"]][:1] == [None]


def test_totals_facets_and_pages_are_of_what_was_found(ask: Ask) -> None:
    whole = ask(q="aspal", mode="meaning", facets="topic").json()
    assert whole["total"] == len(whole["items"]) == sum(x["count"] for x in whole["facets"]["topic"])
    seen, after = [], None
    while True:
        some = ask(q="aspal", mode="meaning", size=3, **({"after": after} if after else {})).json()
        seen += [post["id"] for post in some["items"]]
        after = some["next"]
        if after is None:
            break
    assert seen == [post["id"] for post in whole["items"]]


@pytest.mark.parametrize("mode", ["meaning", "hybrid"])
def test_fields_and_not_stay_conditions(ask: Ask, mode: str) -> None:
    found = ask(q="aspal -kubangan topic:jalan", mode=mode).json()["items"]
    assert found
    assert all(post["topic_main"] == "jalan" and "kubangan" not in post["text"] for post in found)


@pytest.mark.parametrize("mode", ["meaning", "hybrid"])
def test_what_accuses_somebody_in_office_is_shown_to_those_only_who_may_see_it(ask: Ask, mode: str) -> None:
    assert case("kades") in ids(ask("admin", q="suap", mode=mode))
    for user in ("ratna", "putr"):
        assert case("kades") not in ids(ask(user, q="suap", mode=mode))


def test_an_agency_finds_by_meaning_what_it_may_see_and_counts_no_more(ask: Ask) -> None:
    own = ids(ask("putr", q=""))
    found = ask("putr", q="aspal", mode="meaning").json()
    assert {post["id"] for post in found["items"]} <= own
    assert found["total"] == len(found["items"]) > 0


@pytest.mark.parametrize("q", ["", "topic:jalan", "NOT hujan"])
def test_without_words_the_api_refuses_in_words(ask: Ask, q: str) -> None:
    answer = ask(q=q, mode="meaning")
    assert answer.status_code == 400
    assert "kata" in answer.json()["detail"]


def test_a_mode_that_is_none_is_refused(ask: Ask) -> None:
    assert ask(q="jalan", mode="tebak").status_code == 422


def test_without_an_encoder_the_api_refuses_and_the_page_searches_by_words(
    reads: Callable[..., httpx.Client], looks: httpx.Client
) -> None:
    answer = reads().get("/posts", params={"q": "jalan", "mode": "hybrid"})
    assert answer.status_code == 400
    assert "makna" in answer.json()["detail"]
    plain = looks.get("/cari", params={"q": "jalan", "mode": "meaning"})
    assert plain.status_code == 200
    assert "Cari menurut" not in plain.text


def test_the_page_offers_three_ways_and_says_what_the_chosen_one_does(page: httpx.Client) -> None:
    text = page.get("/cari", params={"q": "limbah", "mode": "meaning"}).text
    assert 'aria-label="Cari menurut"' in text
    assert "mode=hybrid" in text
    assert '<input type="hidden" name="mode" value="meaning">' in text
    assert "Yang artinya dekat, walau katanya lain" in text
    assert "sampah menumpuk di Labuapi" in text
    assert "kiriman terdekat" in text
    assert "<svg" not in text.partition('class="middle"')[2].partition("<article")[0]  # the chart counts words


def test_the_page_keeps_its_choice_while_nothing_is_asked(page: httpx.Client) -> None:
    text = page.get("/cari", params={"mode": "hybrid"}).text
    assert '<input type="hidden" name="mode" value="hybrid">' in text
    assert "kiriman ·" in text


def test_a_search_by_words_that_finds_nothing_can_be_asked_by_meaning(page: httpx.Client) -> None:
    text = page.get("/cari", params={"q": "limbah"}).text
    assert "Cari menurut makna" in text


def test_what_is_found_by_meaning_can_be_taken_along(page: httpx.Client) -> None:
    lines = page.get("/cari/unduh.csv", params={"q": "limbah", "mode": "meaning"}).text
    assert case("rumus") in lines
    assert case("kades") not in lines


def test_a_query_that_cannot_be_read_shows_its_fault_in_every_mode(page: httpx.Client) -> None:
    answer = page.get("/cari", params={"q": "jalan (rusak", "mode": "hybrid"})
    assert answer.status_code == 400
    assert "Kurung ini tidak ditutup" in answer.text

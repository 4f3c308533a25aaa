"""Questions with a key, and questions that cost: where they go, how often, and what comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from crawlers.asking import Answer, Ask
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Memory, SourceKind
from crawlers.running import Crawling
from domain.ports import SourceMemory, SourceSpec
from tests.contracts.sources.ports import NOW, MemoryBook, MemorySink
from tests.contracts.sources.site import TEXT, Reply, Server, serving

KEY = "EAAB-rahasia|9+x"
SECRET = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.always("/robots.txt", Reply("User-agent: *\nDisallow: /\n", headers=TEXT))
        yield running


def asked(server: Server, path: str, *, secret: dict[str, str] | None = None, once: bool = False) -> Answer | None:
    """What a kind gets that asks this, through all of Scrapy's manners."""
    got: list[Answer] = []

    async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Memory) -> AsyncIterator[Found]:
        got.append(await ask(server.url + path, secret=secret, once=once))
        return
        yield

    kind = SourceKind("uji", "Uji", 1, lambda _: None, collect)
    sink = MemorySink()
    spec = SourceSpec(key="uji", name="Uji", kind="uji", url="https://platform.example.org/", regions=())
    job = CrawlJob(spec, SourceMemory(key="uji"), NOW, root=server.url)
    Crawling({"uji": kind}, sink, MemoryBook(sink), "Jaring/uji").run([job])
    return got[0] if got else None


def test_who_has_a_key_is_let_in_by_the_platforms_terms_who_has_none_by_its_robots(server: Server) -> None:
    server.always("/api", Reply("{}"))
    assert asked(server, "/api") is None
    answer = asked(server, "/api", secret=SECRET)
    assert answer is not None
    assert answer.status == 200


def test_a_key_follows_no_redirect(server: Server) -> None:
    server.always("/api", Reply("", 302, {"Location": f"{server.url}/lain"}))
    answer = asked(server, "/api", secret=SECRET)
    assert answer is not None
    assert answer.status == 302
    assert "/lain" not in server.paths()


@pytest.mark.parametrize("reply", [Reply("rusak", 500), Reply("pelan", 429, {"Retry-After": "1"})], ids=["500", "429"])
def test_a_question_that_costs_is_asked_once(server: Server, reply: Reply) -> None:
    server.always("/api", reply)
    answer = asked(server, "/api", secret=SECRET, once=True)
    assert answer is not None
    assert answer.status == reply.status
    assert server.paths().count("/api") == 1


def test_a_question_that_costs_nothing_is_asked_again(server: Server) -> None:
    server.first("/api", Reply("rusak", 500), Reply("rusak", 500), Reply("{}"))
    answer = asked(server, "/api", secret=SECRET)
    assert answer is not None
    assert answer.status == 200


@pytest.mark.parametrize("written", [KEY, "EAAB-rahasia%7C9%2Bx"])
def test_a_key_that_an_answer_repeats_goes_no_further(server: Server, written: str) -> None:
    server.always("/api", Reply(f'{{"next": "https://x.test/?access_token={written}&after=7"}}'))
    answer = asked(server, "/api", secret=SECRET)
    assert answer is not None
    assert answer.json() == {"next": "https://x.test/?access_token=***&after=7"}

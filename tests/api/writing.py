"""The public form as tests fill it in, and the reports that come of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import func, select

from api.settings import ApiSettings
from domain.ids import case_id
from domain.posts import RawPost
from store.rows import post_of
from store.tables import posts
from tests.api.installation import Installation, installed
from tests.api.serving import served
from tests.api.told import REGION
from tests.store.line import PureReader

FORM = f"/lapor/{REGION}"
TEXT = "Jalan di depan pasar Gerung berlubang sejak sebulan, motor sering jatuh"


@contextmanager
def open_house(home: Path) -> Iterator[tuple[Installation, httpx.Client]]:
    """An installation with an open form, and somebody whom it does not know."""
    with (
        installed(home, more=0, settings=ApiSettings(public_form=True)) as place,
        served(place.app) as address,
        httpx.Client(base_url=address, timeout=30) as anybody,
    ):
        yield place, anybody


def token_of(page: str) -> str:
    return page.partition('name="formulir" value="')[2].partition('"')[0]


def send(place: Installation, client: httpx.Client, *, wait: float = 20, **fields: str) -> httpx.Response:
    """Open the form, take a while, send it."""
    token = token_of(client.get(FORM).text)
    place.clock.advance(seconds=wait)
    return client.post(FORM, data={"formulir": token, "isi": TEXT, **fields})


def code_of(answer: httpx.Response) -> str:
    """The code that a sent form led to."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2].partition("?")[0]


def newest(place: Installation) -> RawPost:
    """The post that came in last."""
    with place.store.database.read() as connection:
        return post_of(connection.execute(select(posts).order_by(posts.c.ingested_at.desc()).limit(1)).one())


def how_many(place: Installation) -> int:
    with place.store.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(posts)).scalar_one())


def decided(place: Installation) -> str:
    """Read and decide what waits; the newest post's case."""
    while place.store.belts.step_read(PureReader()) or place.store.belts.step_decide(place.desk):
        pass
    return case_id(newest(place).id, REGION)

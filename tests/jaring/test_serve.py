"""How the web server is served: whose word counts for where a request comes from."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from jaring.serve import config
from jaring.settings import Settings
from jaring.wiring import Hall
from tests.coroutines import run

TRIES = 42  # of one address two more than may fail


@pytest.mark.parametrize(
    ("proxies", "address", "last"),
    [
        ("127.0.0.1", "10.9.0.{}", 429),
        ("172.18.0.1", "10.9.0.{}", 404),
        ("127.0.0.1,172.16.0.0/12", "10.9.0.{}", 404),
        ("172.18.0.1", "2001:db8:0:{}::1", 404),
        ("172.18.0.1", "2001:db8::{}", 429),  # all of them are one subscriber's
        ("172.18.0.1", "::ffff:10.9.0.{}", 404),
    ],
)
def test_people_behind_a_proxy_are_counted_each_by_himself_only_where_settings_name_it(
    tmp_path: Path, proxies: str, address: str, last: int
) -> None:
    hall = Hall(Settings(home=tmp_path, regions=("lombok-barat",), proxies=proxies))
    try:
        served = config(hall)
        served.load()

        async def guess() -> list[int]:
            transport = httpx.ASGITransport(served.loaded_app, client=("172.18.0.1", 40_000))
            async with httpx.AsyncClient(transport=transport, base_url="http://jaring.invalid") as client:
                return [
                    (
                        await client.get(f"/lapor/LB-{n:04d}-0000", headers={"x-forwarded-for": address.format(n)})
                    ).status_code
                    for n in range(TRIES)
                ]

        assert run(guess()) == [404] * 40 + [last] * 2
    finally:
        hall.close()

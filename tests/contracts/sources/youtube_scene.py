"""A channel with a film of yesterday, listened to: what the tests of YouTube share."""

from __future__ import annotations

from datetime import timedelta

from tests.contracts.sources.ports import Listener
from tests.contracts.sources.youtube_double import HANDLE, KEY, Film, Tube

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def listening(tube: Tube, url: str = f"https://www.youtube.com/{HANDLE}", budget: int | None = None) -> Listener:
    options = (("budget", str(budget)),) if budget is not None else ()
    return Listener("youtube", url, root=tube.server.url, key=KEY, options=options)


def stored(listener: Listener) -> set[str]:
    """Native ids of the posts that stand."""
    gone = listener.sink.withdrawn
    return {post.native_id for post in listener.sink.posts.values() if post.id not in gone}


def everything(*films: Film) -> set[str]:
    said = {one.id for film in films for thread in film.threads for one in (thread, *thread.replies)}
    return said | {film.id for film in films}


def crowd(tube: Tube, film: Film, number: int) -> None:
    for each in range(number):
        tube.say(film, f"Komentar ke-{each} tentang jalan", film.at + timedelta(seconds=60 * each))


def spent(listener: Listener) -> int:
    return sum(listener.purse.hours.values())

"""The crawlers' room sends what is to be said at the doors, and fetches the photos that people sent there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

import structlog

from api.records.photos import developed
from crawlers.answering import telegram, whatsapp
from crawlers.answering.line import Line
from crawlers.asking import KeyRefused, SourceRests
from domain.doors import Credential
from domain.errors import JaringError, Refused, SourceUnavailable, Unavailable
from jaring.crawling import agent
from jaring.wiring import Hall
from store.replies import PHOTO, Reply
from store.talks_values import Door

WITHOUT_KEY: Final = timedelta(minutes=10)  # until somebody has brought one
KEYS: Final = {Door.TELEGRAM.value: telegram.KEY, Door.WHATSAPP.value: whatsapp.KEY}
ROOTS: Final = {telegram.KEY: telegram.ROOT, whatsapp.KEY: whatsapp.ROOT}

log = structlog.get_logger("jaring.answering")


class Answering:
    """One worker beside the crawls. `turn` starts it when it is idle; it works until nothing is due."""

    def __init__(self, hall: Hall, clock: Callable[[], datetime]) -> None:
        self._hall = hall
        self._clock = clock
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="answering")
        self._stopping = threading.Event()
        self._running: Future[int] | None = None

    def turn(self) -> Future[int]:
        """Begin what is due, unless it is under way. Raises Unavailable when the store did not answer the last turn."""
        if self._running is None or self._running.done():
            last, self._running = self._running, self._worker.submit(self.work)
            if last is not None:
                _told(last)
        return self._running

    def work(self) -> int:
        """Do what is due now; how many were done. Whatever is not ended by then is given out again after its lease."""
        done, reply = 0, self._next()
        if reply is None:
            return done  # asked every two seconds: no line is laid for nothing
        with Line(agent(self._hall)) as line:
            while reply is not None:
                self._settle(line, reply)
                done, reply = done + 1, self._next()
        return done

    def end(self) -> None:
        """End after what is under way."""
        self._stopping.set()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _next(self) -> Reply | None:
        due = [] if self._stopping.is_set() else self._hall.store.replies.take(self._clock(), 1)
        return due[0] if due else None

    def _settle(self, line: Line, reply: Reply) -> None:
        """Do one thing and write down what came of it."""
        store, now, key = self._hall.store, self._clock(), KEYS[reply.door]
        credential = store.credentials.open(key)
        if credential is None:
            store.replies.put_off(reply, f"Kunci {key} belum ada.", now + WITHOUT_KEY)
            return
        try:
            self._do(line, reply, credential)
            store.credentials.accepted(key)
        except KeyRefused as cause:
            store.credentials.refused(key, now)
            store.replies.put_off(reply, str(cause), now + WITHOUT_KEY)
            log.warning("kunci ditolak", door=reply.door, key=key)
        except SourceRests as cause:
            store.replies.again(reply, str(cause), now, after=cause.until - now)
        except SourceUnavailable as cause:
            store.replies.again(reply, str(cause), now)
        except Refused as cause:
            store.replies.give_up(reply.id, str(cause))
        except JaringError:
            raise
        except Exception as cause:
            log.exception("jawaban gagal", door=reply.door, what=reply.what)
            store.replies.again(reply, f"Kesalahan: {type(cause).__name__}", now)

    def _do(self, line: Line, reply: Reply, credential: Credential) -> None:
        now, token = self._clock(), credential.value
        root = self._hall.settings.api_roots.get(credential.name, ROOTS[credential.name])
        if reply.what == PHOTO:
            fetch = telegram.photo if reply.door == Door.TELEGRAM else whatsapp.photo
            body = fetch(line, token, reply.body, now=now, root=root)
            self._hall.store.replies.show(reply, developed(body), now)
        else:
            whatsapp.say(line, token, reply.to, reply.body, now=now, root=root)
            self._hall.store.replies.done(reply.id)


def _told(last: Future[int]) -> None:
    """Raise Unavailable as it is. What does not open without a key of the installation is given out again later."""
    try:
        last.result()
    except Unavailable:
        raise
    except JaringError as cause:
        log.error("jawaban tertahan", reason=str(cause))  # noqa: TRY400  its words say it all

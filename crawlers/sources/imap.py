"""A folder of e-mail: what people write to the center's own address. Read by number, never deleted, never marked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Final

from crawlers.asking import Ask, SourceBlocked
from crawlers.given import key_of
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, Found, Malformed, Memory, SourceKind
from crawlers.mailbox import Fetched, Mailbox, folder_of, opened
from crawlers.parsing.mails import Machines, Mail, parse_mail
from domain.doors import Need
from domain.errors import SourceUnavailable
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import EARLIEST, Incoming

NAMESPACE: Final = "email"
NEED: Final = Need("imap", "sandi kotak surel")
FIRST: Final = timedelta(days=30)  # how far back a new folder is read
MOST: Final = 500  # mails of one ordinary crawl: the rest comes with the next one
_SKEW: Final = timedelta(days=1)  # a Date that lies so far after the server's own is a clock that is off


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, memory: Memory) -> AsyncIterator[Found]:  # noqa: ARG001  mail is not asked over HTTP
    """The mails beyond the last one read, oldest first; with `since` those from that day on, whatever was read."""
    folder = folder_of(job.spec.url)
    if folder is None:
        raise SourceUnavailable(f"{job.spec.url} bukan alamat folder surel: imaps://nama@server/FOLDER.")
    if not job.inside and await asyncio.to_thread(_leads_inside, folder.host):
        raise SourceBlocked(f"{folder.host} berada di jaringan dalam.")
    password = key_of(job, NEED)
    with ExitStack() as open_folder:
        box = await asyncio.to_thread(open_folder.enter_context, opened(folder, password))
        notes.answered = notes.incremental = True
        uids = _at_once(await asyncio.to_thread(_wanted, box, job), job)
        brought: set[str] = set()
        machines = 0
        for uid in uids:
            fetched = await asyncio.to_thread(box.fetch, uid)
            if fetched is not None:
                found = _read(fetched, job, box.validity)
                if isinstance(found, Mail):
                    yield await _post(found, fetched, job, notes, memory, brought)
                elif isinstance(found, Malformed):
                    yield found
                else:
                    machines += 1
            if job.since is None and job.limit is None:  # only now: what was yielded is stored before this counts
                notes.cursor = {"uidvalidity": box.validity, "uid": uid}
        if machines:
            notes.trouble = f"{machines} surel otomatis atau milis dilewati."


def owns(url: str) -> str | None:
    """The address itself, where it names a folder."""
    return url.strip() if folder_of(url) is not None else None


def detect(evidence: Evidence) -> str | None:  # noqa: ARG001  no page leads to somebody's mail
    """Nothing: a folder is known by its address alone."""
    return None


def _wanted(box: Mailbox, job: CrawlJob) -> list[int]:
    """The numbers to be read, in order."""
    if job.since is not None:
        return list(box.since(job.since.date()))
    validity, last = job.cursor.get("uidvalidity"), job.cursor.get("uid")
    if validity == box.validity and isinstance(last, int):
        return list(box.after(last))
    # A new folder, or one whose numbers began anew: known mails are known again by their own ids.
    known_until = job.memory.newest_post_at
    return list(box.since(((known_until - _SKEW) if known_until else (job.now - FIRST)).date()))


def _at_once(uids: list[int], job: CrawlJob) -> list[int]:
    """Those that this crawl reads. A walk back has no place to go on from: it is made in one go."""
    if job.limit is not None:
        return uids[-job.limit :]
    return uids[:MOST] if job.since is None else uids


def _read(fetched: Fetched, job: CrawlJob, validity: int) -> Mail | Machines | Malformed:
    try:
        mail = parse_mail(fetched.body, f"{job.spec.url} {validity} {fetched.uid}")
    except ValueError as cause:
        return _malformed(job, fetched.uid, str(cause))
    if isinstance(mail, Mail) and not (mail.text or mail.subject):
        return _malformed(job, fetched.uid, "surel tanpa kata-kata")
    return mail


async def _post(  # noqa: PLR0913  a mail, how it came, and what every collector has
    mail: Mail, fetched: Fetched, job: CrawlJob, notes: CrawlNotes, memory: Memory, brought: set[str]
) -> Incoming:
    sent_at = _sent_at(mail, fetched, job.now)
    notes.saw(sent_at, job.now)
    earlier = [post_id(NAMESPACE, one) for one in mail.earlier]
    known = await memory(earlier) | brought if earlier else frozenset[str]()
    files = f"(lampiran tidak disimpan: {mail.attachments} berkas)" if mail.attachments else ""
    post = Incoming(
        namespace=NAMESPACE,
        native_id=mail.id,
        source=job.spec.key,
        regions=job.spec.regions,
        channel=Channel.EMAIL,
        author=mail.address,
        contact=" · ".join(part for part in (mail.name, mail.address) if part),
        title=mail.subject if mail.text or files else None,
        text="\n\n".join(part for part in (mail.text, files) if part) or mail.subject or "",
        published_at=sent_at,
        date_trust=DateTrust.EXACT,
        fetched_at=job.now,
        parent=next((one for one in earlier if one in known), None),
    )
    brought.add(post.id)
    return post


def _sent_at(mail: Mail, fetched: Fetched, now: datetime) -> datetime:
    """When it was written; when the server got it, where the writer's clock cannot be believed."""
    got = fetched.received_at or now
    sent = mail.sent_at
    return sent if sent is not None and EARLIEST <= sent <= got + _SKEW else got


def _malformed(job: CrawlJob, uid: int, reason: str) -> Malformed:
    """Set aside by number: what cannot be read may hold anything."""
    return Malformed(key=f"{job.spec.key} {uid}", reason=reason, payload=f"surel nomor {uid}")


def _leads_inside(host: str) -> bool:
    from crawlers.manners import leads_inside  # noqa: PLC0415  Scrapy is loaded where crawls run

    return leads_inside(host)


KIND = SourceKind(
    key="imap",
    title="Kotak surel (IMAP)",
    rank=90,
    detect=detect,
    collect=collect,
    owns=owns,
    need=NEED,
    price="Gratis; kotak surel milik instansi sendiri.",
    allowed="Hanya kotak surel instansi sendiri; dibaca tanpa menghapus dan tanpa menandai.",
)

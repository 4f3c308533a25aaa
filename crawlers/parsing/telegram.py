"""Pages of t.me/s: what a public channel shows of itself to everybody."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.asking import Answer
from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import cut, html_text
from crawlers.parsing.build import malformed
from crawlers.wires import wire_credit
from domain.errors import SourceUnavailable
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import Engagement, Incoming, Media

NAMESPACE = "telegram"

_POST = re.compile(r"([\w-]+)/(\d+)")
_COUNT = re.compile(r"([\d.]+)([KMB]?)")
_THOUSANDS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_MEDIA = (
    ("a.tgme_widget_message_photo_wrap", "image"),
    ("a.tgme_widget_message_video_player", "video"),
    ("a.tgme_widget_message_roundvideo_player", "video"),
    ("a.tgme_widget_message_voice_player", "audio"),
    ("a.tgme_widget_message_document_wrap", "document"),
)  # by their places at Telegram: addresses of the files themselves expire within hours


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a channel, oldest message first. `times` holds every message on it by number, without words too."""

    entries: tuple[Incoming | Malformed, ...] = ()
    times: dict[int, datetime] = field(default_factory=dict)


def parse_page(answer: Answer, channel: str, job: CrawlJob) -> Page:
    """Read a page. SourceUnavailable when it is no page of a channel."""
    tree = LexborHTMLParser(answer.body)
    if tree.css_first(".tgme_channel_history, .tgme_channel_info, .tme_no_messages_found") is None:
        raise SourceUnavailable(f"{answer.url} bukan halaman kanal Telegram.")
    entries: list[Incoming | Malformed] = []
    times: dict[int, datetime] = {}
    for node in tree.css("div.tgme_widget_message"):
        said = node.attributes.get("data-post") or ""
        named = _POST.fullmatch(said)
        at = _time(node)
        if named is None or at is None:
            entries.append(malformed(job, f"{channel}/{said or '?'}", "kiriman tanpa nomor atau waktu", node.text()))
            continue
        times[int(named[2])] = at
        if "service_message" not in (node.attributes.get("class") or "").split():
            post = _message(node, channel, int(named[2]), at, job)
            entries += [post] if post is not None else []
    return Page(tuple(entries), times)


def message_id(channel: str, number: int) -> str:
    """The post id of a channel's message."""
    return post_id(NAMESPACE, _native(channel, number))


def number_of(channel: str, native_id: str) -> int | None:
    """The number of a message of this channel out of its native id."""
    name, _, number = native_id.partition("/")
    return int(number) if name == channel.lower() and number.isdecimal() else None


def _message(node: LexborNode, channel: str, number: int, at: datetime, job: CrawlJob) -> Incoming | Malformed | None:
    """The post of a message; None for one without words: a picture alone, a sticker."""
    text = "\n".join(part for part in (_words(node), _poll(node), _document(node)) if part)
    if not text:
        return None
    author = _first(node, ".tgme_widget_message_forwarded_from_name", ".tgme_widget_message_from_author") or channel
    try:
        return Incoming(
            namespace=NAMESPACE,
            native_id=_native(channel, number),
            source=job.spec.key,
            regions=job.spec.regions,
            channel=Channel.TELEGRAM,
            url=f"https://t.me/{channel}/{number}",
            author=author,
            text=cut(text),
            published_at=at,
            date_trust=DateTrust.EXACT,
            fetched_at=job.now,
            parent=_answers(node),
            media=_media(node),
            engagement=Engagement(views=_count(_first(node, ".tgme_widget_message_views"))),
            wire=wire_credit(text, author),
        )
    except ValidationError as cause:
        first = cause.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        return malformed(job, _native(channel, number), reason, text)


def _native(channel: str, number: int) -> str:
    return f"{channel.lower()}/{number}"


def _time(node: LexborNode) -> datetime | None:
    said = node.css_first("a.tgme_widget_message_date time[datetime]")
    try:
        moment = datetime.fromisoformat((said.attributes.get("datetime") or "") if said is not None else "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _words(node: LexborNode) -> str:
    """The message's own words; those of what it answers stand in a box of their own."""
    said = node.css_first("div.js-message_text")
    return html_text(said.html or "") if said is not None else ""


def _poll(node: LexborNode) -> str:
    poll = node.css_first(".tgme_widget_message_poll")
    if poll is None:
        return ""
    options = [_plain(option) for option in poll.css(".tgme_widget_message_poll_option_text")]
    return "\n".join([_first(poll, ".tgme_widget_message_poll_question"), *(f"– {option}" for option in options)])


def _document(node: LexborNode) -> str:
    return _first(node, ".tgme_widget_message_document_title")


def _answers(node: LexborNode) -> str | None:
    """The post id of the message that this one answers."""
    reply = node.css_first("a.tgme_widget_message_reply[href]")
    named = _POST.fullmatch(urlsplit((reply.attributes.get("href") or "") if reply is not None else "").path.strip("/"))
    return message_id(named[1], int(named[2])) if named else None


def _media(node: LexborNode) -> tuple[Media, ...]:
    found: dict[str, Media] = {}
    for selector, kind in _MEDIA:
        for link in node.css(selector):
            href = link.attributes.get("href") or ""
            if href.startswith("https://"):
                found.setdefault(href, Media(kind=kind, url=href))
    return tuple(found.values())


def _count(said: str) -> int | None:
    """A number as Telegram shortens it: 436.6K."""
    read = _COUNT.fullmatch(said)
    try:
        return round(float(read[1]) * _THOUSANDS[read[2]]) if read else None
    except ValueError:
        return None


def _first(node: LexborNode, *selectors: str) -> str:
    """The words of the first of these places that holds any."""
    found = (node.css_first(selector) for selector in selectors)
    return next((words for one in found if one is not None and (words := _plain(one))), "")


def _plain(node: LexborNode) -> str:
    return " ".join(node.text().split())

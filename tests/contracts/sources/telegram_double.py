"""The public pages of a Telegram channel on loopback, with the marks that a reader of them goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from tests.contracts.sources.site import TEXT, Got, Reply, Server

NAME = "KabarGerung"
PER_PAGE = 20


@dataclass(slots=True)
class Message:
    """A message. `extra` is the markup of what it carries besides words, `kind` more classes of its box."""

    number: int
    text: str
    at: datetime
    edited: bool = False
    views: str = "12"
    extra: str = ""
    kind: str = ""


@dataclass(slots=True)
class Board:
    """A channel. Pages are asked for by number (`before`, `after`); without a preview they lead elsewhere."""

    server: Server
    messages: list[Message] = field(default_factory=list)
    preview: bool = True

    def __post_init__(self) -> None:
        self.server.routes.append(self._route)

    def post(self, text: str, at: datetime, **rest: str) -> Message:
        number = max((one.number for one in self.messages), default=0) + 1
        message = Message(number, text, at, **rest)  # type: ignore[arg-type]
        self.messages.append(message)
        return message

    def delete(self, message: Message) -> None:
        self.messages.remove(message)

    def _route(self, got: Got) -> Reply | None:
        if got.path == "/robots.txt":
            return Reply("", headers=TEXT)
        if got.path == f"/{NAME}":
            return Reply(about())
        if got.path != f"/s/{NAME}":
            return None
        if not self.preview:
            return Reply("", 302, {"Location": f"{self.server.url}/{NAME}"})
        shown = self.messages
        if "after" in got.query:
            shown = [one for one in shown if one.number > int(got.query["after"])][:PER_PAGE]
        else:
            before = int(got.query.get("before", 10**9))
            shown = [one for one in shown if one.number < before][-PER_PAGE:]
        return Reply(page(shown))


def page(messages: list[Message]) -> str:
    """A page of the channel's history, oldest first."""
    found = "".join(box(one) for one in messages) or (
        '<div class="tgme_widget_message_wrap"><div class="tgme_widget_message_centered">'
        '<div class="tme_no_messages_found">No posts found</div></div></div>'
    )
    return (
        f'<!DOCTYPE html><html><head><title>{NAME} – Telegram</title></head><body class="tgme_page"><main>'
        f'<section class="tgme_channel_history js-message_history">{found}</section></main></body></html>'
    )


def box(message: Message) -> str:
    """One message in its box."""
    words = escape(message.text).replace("\n", "<br/>")
    text = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>' if words else ""
    link = f"https://t.me/{NAME}/{message.number}"
    edited = "edited &nbsp;" if message.edited else ""
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap {message.kind} js-widget_message" '
        f'data-post="{NAME}/{message.number}"><div class="tgme_widget_message_bubble">'
        f'<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name">{NAME}</a></div>'
        f"{message.extra}{text}"
        '<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">'
        f'<span class="tgme_widget_message_views">{message.views}</span><span class="copyonly"> views</span>'
        f'<span class="tgme_widget_message_meta">{edited}<a class="tgme_widget_message_date" href="{link}">'
        f'<time datetime="{message.at.isoformat()}" class="time">00:00</time></a></span>'
        "</div></div></div></div></div>"
    )


def forwarded(name: str) -> str:
    """From whom a message was passed on."""
    return (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from&nbsp;'
        f'<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/x"><span>{name}</span></a></div>'
    )


def answering(number: int, words: str) -> str:
    """The box of the message that this one answers."""
    return (
        f'<a class="tgme_widget_message_reply" href="https://t.me/{NAME}/{number}">'
        f'<div class="tgme_widget_message_author_name">{NAME}</div>'
        f'<div class="tgme_widget_message_metatext js-message_reply_text">{words}</div></a>'
    )


def picture(number: int) -> str:
    """A photo: its file has an address that expires, its place at Telegram has not."""
    return (
        f'<a class="tgme_widget_message_photo_wrap blured" href="https://t.me/{NAME}/{number}?single" '
        "style=\"background-image:url('https://cdn.example/file/a.jpg?token=1')\">"
        '<div class="tgme_widget_message_photo"></div></a>'
    )


def poll(question: str, *options: str) -> str:
    """A poll as it stands."""
    shown = "".join(
        '<div class="tgme_widget_message_poll_option"><div class="tgme_widget_message_poll_option_percent">50%</div>'
        f'<div class="tgme_widget_message_poll_option_text">{option}</div></div>'
        for option in options
    )
    return (
        f'<div class="tgme_widget_message_poll js-poll"><div class="tgme_widget_message_poll_question">{question}</div>'
        f'<a class="tgme_widget_message_poll_options" href="https://t.me/{NAME}">{shown}</a></div>'
    )


def about() -> str:
    """What is shown instead of a preview: how to open the channel in the app."""
    return f'<!DOCTYPE html><html><body><div class="tgme_page_title">{NAME}</div><a>View in Telegram</a></body></html>'

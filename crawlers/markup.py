"""Words and media out of the markup that feeds and sites send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from domain.posts import MAX_TEXT, MAX_TITLE, Media

CUT = " […]"  # where a text was longer than a post may be
MAX_MEDIA = 20  # links kept of one post: galleries of hundreds say nothing more
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
        "table", "td", "th", "tr", "ul",
    }
)  # fmt: skip
_SILENT = "script, style, noscript, template, iframe, object, svg, form, button, select"
_TRAILER = re.compile(
    r"\s*(?:The post .{1,300} appeared first on .{1,200}|Artikel .{1,300} pertama kali tampil pada .{1,200}|"
    r"\[(?:…|\.\.\.)\]|Continue reading.{0,300})\s*$",
    re.DOTALL,
)
_MARKUP = re.compile(r"[<&]")
_VIDEO = re.compile(r"youtube\.com|youtu\.be|youtube-nocookie\.com|vimeo\.com|facebook\.com/plugins/video")
_SOURCES = (("img", "image"), ("video", "video"), ("audio", "audio"), ("source", "video"), ("iframe", "video"))


def html_text(html: str) -> str:
    """Return the words of markup, one line per block, without scripts and the trailers that feeds append."""
    if not _MARKUP.search(html):
        return _lines(html)
    tree = LexborHTMLParser(html)
    for node in tree.css(_SILENT):
        node.decompose()
    body = tree.body
    return _TRAILER.sub("", _lines("".join(_pieces(body)))) if body else ""


def html_title(html: str) -> str | None:
    """Return a title as one line of plain text, cut to what a post may have; None when there is none."""
    title = " ".join(html_text(unescape(html) if "&" in html else html).split())
    return cut(title, MAX_TITLE) or None


def cut(text: str, limit: int = MAX_TEXT) -> str:
    """A text that a post may have, marked where it was cut."""
    return text if len(text) <= limit else text[: limit - len(CUT)] + CUT


def html_media(html: str, base: str) -> tuple[Media, ...]:
    """Return the pictures, films and sounds that markup shows, as absolute links, each once."""
    if "<" not in html:
        return ()
    found: dict[str, Media] = {}
    tree = LexborHTMLParser(html)
    for tag, kind in _SOURCES:
        for node in tree.css(tag):
            link = _link(node, base)
            if link and (tag != "iframe" or _VIDEO.search(link)):
                found.setdefault(link, Media(kind=kind, url=link))
    return tuple(found.values())[:MAX_MEDIA]


def _link(node: LexborNode, base: str) -> str | None:
    names = ("data-src", "data-lazy-src", "src") if node.tag == "img" else ("src",)
    said = next((value for name in names if (value := node.attributes.get(name))), None)
    if not said or said.startswith("data:"):
        return None
    try:
        link = urljoin(base, said.strip())
    except ValueError:
        return None
    return link if link.startswith(("http://", "https://")) else None


def _pieces(root: LexborNode) -> Iterator[str]:
    """Text in the order of the document; blocks begin and end a line."""
    stack: list[LexborNode | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        if node.is_text_node:
            yield re.sub(r"\s+", " ", node.text_content or "")
            continue
        if node.tag == "br":
            yield "\n"
            continue
        if node.tag in _BLOCKS:
            yield "\n"
            stack.append("\n")
        child = node.last_child
        while child is not None:
            stack.append(child)
            child = child.prev


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\u00a0", " ").splitlines())
    return "\n".join(line for line in lines if line)

"""Canonical addresses: the same article gets the same identity by whatever door it comes."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"^(?:utm_.*|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|igshid?|mc_[ce]id|_ga|_gl|spm|ref_src|replytocom|amp"
    r"|cmpid|at_medium|at_campaign|pk_.*|share|nocache)$",
    re.IGNORECASE,
)
_WHOLE = {("page", "all"), ("outputtype", "amp"), ("single", "1")}  # the same article on one page, or its AMP twin
_AMP = re.compile(r"/amp/?$")
_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$")
_PORTS = {"http": 80, "https": 443}
_SAFE = "/:@!$&'()*+,;=~-._"


def canonical_url(url: str) -> str:
    """Return the identity of an address: https, lower-case host without `www.`, no tracking, AMP, fragment, last slash.

    It names an article and need not open: link to the address that the source gave. Empty for what is not http(s).
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme.lower() not in _PORTS or not host:
        return ""
    try:
        port = parts.port
    except ValueError:
        return ""
    host = _ascii(host.removeprefix("www."))
    if ":" in host:
        host = f"[{host}]"
    if port and port != _PORTS[parts.scheme.lower()]:
        host = f"{host}:{port}"
    path = quote(unquote(re.sub(r"/{2,}", "/", parts.path)), safe=_SAFE)
    path = _AMP.sub("", _COMMENT_PAGE.sub("", path)).rstrip("/")
    query = urlencode(
        sorted(
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _TRACKING.match(name) and (name.lower(), value.lower()) not in _WHOLE
        )
    )
    return urlunsplit(("https", host, path, query, ""))


def host_of(url: str) -> str:
    """The host of an address as comments are told apart by: lower case, without `www.`, with an unusual port."""
    return urlsplit(canonical_url(url)).netloc


def plain_url(url: str) -> str:
    """An address to link to: without fragment, white space and tracking, otherwise as the source gave it."""
    parts = urlsplit(url.strip())
    query = "&".join(
        piece for piece in parts.query.split("&") if piece and not _TRACKING.match(piece.partition("=")[0])
    )
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host

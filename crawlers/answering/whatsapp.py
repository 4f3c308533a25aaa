"""Answers and photos by WhatsApp's Cloud API: a message to a number, a medium by its id."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from crawlers.answering.line import MOST_BYTES, Line
from crawlers.asking import OK, Answer, SourceRests
from crawlers.faults import fault_of
from crawlers.pauses import rests_until
from crawlers.platform import Absent, told
from domain.errors import Refused, SourceUnavailable

ROOT: Final = "https://graph.facebook.com"
VERSION: Final = "v25.0"
KEY: Final = "whatsapp"
LONGEST: Final = 4_096  # letters of a message
_HOSTS: Final = (".facebook.com", ".fbsbx.com", ".fbcdn.net", ".whatsapp.net")  # where Meta keeps media
_REST: Final = frozenset({"80007", "130429", "131048", "131056"})  # of the account, of a number, to one person
_PASSES: Final = frozenset({"1", "2", "131000", "131016", "131057", "133004"})  # Meta's own trouble


def say(  # noqa: PLR0913  what is said, to whom, by which key
    line: Line, token: str, to: Mapping[str, str], words: str, *, now: datetime, root: str = ROOT
) -> None:
    """Send a message.

    Raises: KeyRefused for the token, SourceRests where Meta asks for a pause, Refused for what it will never take (a
    day has passed since the person wrote, the number is none), SourceUnavailable for everything that may pass.
    """
    person = {name: to[name] for name in ("to", "recipient") if name in to}
    body = {
        "messaging_product": "whatsapp", "recipient_type": "individual", **person, "type": "text",
        "text": {"preview_url": False, "body": words[:LONGEST]},
    }  # fmt: skip
    url = f"{root}/{VERSION}/{quote(to.get('phone_number_id', ''))}/messages"
    _taken(line.post(url, body, secret=_bearer(token)), now)


def photo(line: Line, token: str, medium: str, *, now: datetime, root: str = ROOT) -> bytes:
    """The bytes of a photo by its id, whole as Meta's own hash says. Raises as `say`."""
    found = _taken(line.get(f"{root}/{VERSION}/{quote(medium)}", secret=_bearer(token)), now)
    if int(found.get("file_size") or 0) > MOST_BYTES:
        raise Refused(f"Foto melebihi {MOST_BYTES // 1_000_000} MB.")
    url = str(found.get("url") or "")
    if not _is_metas(url, root):
        raise Refused("Alamat foto dari WhatsApp bukan milik Meta.")
    answer = line.get(url, secret=_bearer(token), most=MOST_BYTES)
    if answer.status != OK:
        _taken(answer, now)
        raise SourceUnavailable(f"WhatsApp menjawab HTTP {answer.status}.")
    stated = found.get("sha256")
    if isinstance(stated, str) and stated and hashlib.sha256(answer.body).hexdigest() != stated:
        raise SourceUnavailable("Foto dari WhatsApp terputus di jalan.")
    return answer.body


def _taken(answer: Answer, now: datetime) -> dict[str, Any]:
    """The JSON of a success."""
    fault = fault_of(answer)
    code = fault.code if fault else ""
    if code in _REST:
        until = rests_until(answer, now)
        raise SourceRests(f"WhatsApp minta jeda ({code}).", until)
    try:
        return told(answer, platform="WhatsApp", now=now)
    except Absent as cause:
        raise Refused(str(cause)) from cause
    except SourceUnavailable as cause:
        if 400 <= answer.status < 500 and code not in _PASSES:  # noqa: PLR2004  our fault: the same would be refused again
            raise Refused(str(cause)) from cause
        raise


def _is_metas(url: str, root: str) -> bool:
    """Whether a medium's address may be given the key: Meta's, or the house's own proxy."""
    parts, house = urlsplit(url), urlsplit(root)
    if root != ROOT and (parts.scheme, parts.netloc) == (house.scheme, house.netloc):
        return True
    return parts.scheme == "https" and parts.port in {None, 443} and (parts.hostname or "").endswith(_HOSTS)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}

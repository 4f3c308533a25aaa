"""E-mail addresses, also when written to dodge machines: "nama (at) gmail dot com", "nama@gmail,com"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.labels import PiiKind
from domain.text.pii.found import PiiFound

_NAME = r"(?<![\w.+\-])[A-Za-z0-9][\w.+\-]{0,63}"
_PROVIDER = r"(?:gmail|gmai|gmial|yahoo|ymail|hotmail|outlook|icloud|rocketmail|proton(?:mail)?|live)"
_END = r"(?:com|co\.id|ac\.id|go\.id|or\.id|sch\.id|desa\.id|my\.id|web\.id|net|org|id|info|edu|gov)"
_AT = r"\s?(?:\(\s?(?:at|et)\s?\)|\[\s?(?:at|et)\s?\]|\{at\})\s?"
_DOT = r"\s?(?:\(\s?(?:dot|titik)\s?\)|\[\s?(?:dot|titik)\s?\])\s?"
_ANY_DOT = rf"(?:{_DOT}|\s(?:dot|titik)\s|\.|,)"

_SIGNED = (
    re.compile(rf"{_NAME}@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{{2,}}"),
    re.compile(rf"{_NAME}\s?@\s?{_PROVIDER}(?:\s?[.,]\s?|\s)?(?:com|co\.id|co|id)?\b", re.IGNORECASE),
    re.compile(rf"{_NAME}\s?@\s?(?:[A-Za-z0-9\-]+\.)+{_END}\b", re.IGNORECASE),
)
_SPELLED = (
    re.compile(rf"{_NAME}{_AT}[A-Za-z0-9\-]+(?:{_ANY_DOT}[A-Za-z0-9\-]+)*{_ANY_DOT}{_END}\b", re.IGNORECASE),
    re.compile(rf"{_NAME}{_AT}{_PROVIDER}\b", re.IGNORECASE),
    re.compile(rf"{_NAME}\s(?:at|et)\s{_PROVIDER}(?:{_ANY_DOT}{_END})?\b", re.IGNORECASE),
)
_SPELLED_AT = re.compile(rf"{_AT}|\s(?:at|et)\s", re.IGNORECASE)
_SPELLED_DOT = re.compile(rf"{_DOT}|\s(?:dot|titik)\s|,", re.IGNORECASE)


def find_emails(text: str) -> Iterator[PiiFound]:
    """Yield the addresses of a text; finds may overlap."""
    forms = (_SIGNED if "@" in text else ()) + (_SPELLED if _SPELLED_AT.search(text) else ())
    for form in forms:
        for found in form.finditer(text):
            written = found[0].rstrip(".-")
            plain = _SPELLED_DOT.sub(".", _SPELLED_AT.sub("@", written))
            yield PiiFound(PiiKind.EMAIL, found.start(), found.start() + len(written), re.sub(r"\s", "", plain).lower())

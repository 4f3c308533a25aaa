"""Photos that were sent to a Telegram bot: `getFile`, then the file. Answers stand in the webhook's own answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import orjson

from crawlers.answering.line import MOST_BYTES, Line
from crawlers.asking import OK, Answer, KeyRefused, SourceRests
from domain.errors import Refused, SourceUnavailable

ROOT: Final = "https://api.telegram.org"
KEY: Final = "telegram-bot"
_REST: Final = 30  # seconds, where no number is told


def photo(line: Line, token: str, file: str, *, now: datetime, root: str = ROOT) -> bytes:
    """The bytes of a photo by its `file_id`.

    Raises: KeyRefused for the token, SourceRests with the time that Telegram names, Refused for what is too large or
    gone, SourceUnavailable for everything that may pass.
    """
    told = _told(line.get(f"{root}/bot{token}/getFile?file_id={quote(file)}"), now)
    if int(told.get("file_size") or 0) > MOST_BYTES:
        raise Refused(f"Foto melebihi {MOST_BYTES // 1_000_000} MB.")
    path = told.get("file_path")
    if not isinstance(path, str) or not path:
        raise SourceUnavailable("Jawaban Telegram tidak berbentuk seperti yang didokumentasikan (file_path).")
    answer = line.get(f"{root}/file/bot{token}/{quote(path)}", most=MOST_BYTES)
    if answer.status != OK:
        _told(answer, now)
        raise SourceUnavailable(f"Telegram menjawab HTTP {answer.status}.")
    return answer.body


def _told(answer: Answer, now: datetime) -> dict[str, Any]:
    """The `result` of a success."""
    try:
        told = answer.json()
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict) or "ok" not in told:
        raise SourceUnavailable(f"Telegram menjawab HTTP {answer.status} tanpa JSON yang utuh.")
    result = told.get("result")
    if told["ok"] is True and isinstance(result, dict):
        return result
    code, words = int(told.get("error_code") or answer.status), str(told.get("description") or "")[:200]
    if code in {401, 404}:  # an unknown token has no methods
        raise KeyRefused(f"Telegram menolak token bot ({code}).")
    if code == 429:  # noqa: PLR2004  Too Many Requests
        asked = told.get("parameters")
        wait = asked.get("retry_after") if isinstance(asked, dict) else None
        seconds = wait if isinstance(wait, int) else _REST
        raise SourceRests(f"Telegram minta jeda {seconds} detik.", now + timedelta(seconds=min(seconds, 86_400)))
    if code in {400, 403}:
        raise Refused(f"Telegram: {words}")
    raise SourceUnavailable(f"Telegram menjawab {code}: {words}")

"""Lines of JSON that `jaring analyze` reads: checked one by one, each fault told with its line's number."""

from __future__ import annotations

import orjson
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from domain.errors import Refused
from domain.posts import MAX_TEXT, MAX_TITLE
from domain.wording import describe


class Line(BaseModel):
    """One line of input; only `text` must be there."""

    id: str | int = ""
    text: str = Field(max_length=MAX_TEXT)
    title: str | None = Field(default=None, max_length=MAX_TITLE)
    published_at: AwareDatetime | None = None


def parse_line(raw: str, number: int) -> Line:
    """Read one JSON line. Raises Refused with the line's number and what is wrong."""
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as cause:
        raise Refused(f"baris {number}: bukan JSON ({cause.msg})") from cause
    try:
        line = Line.model_validate(document)
    except ValidationError as cause:
        raise Refused(f"baris {number}: {describe(cause.errors()[0], values=False)}") from cause
    return line if line.id != "" else line.model_copy(update={"id": str(number)})

"""The error tree. The class says the fate; the message says what to do; third parties' errors are translated to it."""

from __future__ import annotations


class JaringError(Exception):
    """Any failure that Jaring expects. `status` is the HTTP status that tells it to a client."""

    status = 500


class PostRejected(JaringError):
    """Fate: drop. The post is not wanted (empty, too old to matter, not public)."""

    status = 422


class PostQuarantined(JaringError):
    """Fate: set aside, visible and replayable. The post cannot be worked on as it is."""

    status = 422


class Unavailable(JaringError):
    """Fate: retry later. Something outside does not answer now."""

    status = 503


class IndexUnavailable(Unavailable):
    """The search index does not answer: posts wait in the outbox, pages say so."""


class StoreUnavailable(Unavailable):
    """The database does not answer, or is locked past its time-out."""


class SourceUnavailable(Unavailable):
    """A source does not answer, or answers with an error that may pass."""


class CatalogueError(JaringError):
    """Fate: stop. The program's own data or plug-ins are wrong (region folder, taxonomy, pipeline)."""


class SettingsError(JaringError):
    """Fate: stop. A setting is missing or cannot be used; the message names it and says what would do."""


class NotFound(JaringError):
    """Nothing by that name is there for this reader: absent and hidden are told alike."""

    status = 404


class Forbidden(JaringError):
    """The reader is known and may not do this."""

    status = 403


class Conflict(JaringError):
    """The thing is not in a state that allows this; the message names it, its state and the wish."""

    status = 409


class Refused(JaringError):
    """The input cannot be used; the message says what is wrong and what would do."""

    status = 422


class QueryRefused(Refused):
    """A search expression cannot be read. `position` is the offset in code points where it goes wrong."""

    status = 400

    def __init__(self, message: str, *, position: int) -> None:
        super().__init__(message)
        self.position = position

"""Identities: the same words from the same place always get the same id, by whatever door they come."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

POST_ID_LENGTH = 26  # 130 bits of base32: collisions are out of reach at any number of posts


@lru_cache(maxsize=4_096)  # one post is asked for its id again and again while its batch is written
def post_id(namespace: str, native_id: str) -> str:
    """Return the id of a post: base32(sha256(namespace NUL native id)), 26 lower-case characters.

    Web articles pass namespace `web` and the canonical URL, comments `comment:<host>` and the
    comment's id, imports `import:<source>` and the tracking id.
    """
    digest = hashlib.sha256(f"{namespace}\0{native_id}".encode()).digest()
    return base64.b32encode(digest).decode("ascii")[:POST_ID_LENGTH].lower()


def case_id(post: str, region: str) -> str:
    """Return the id of the case that a post makes in a region: `<post id>.<region slug>`."""
    return f"{post}.{region}"


def post_of_case(case: str) -> str:
    """Return the post id that a case id begins with."""
    return case[:POST_ID_LENGTH]

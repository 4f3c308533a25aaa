"""By what a video is known: to us, and to people."""

from __future__ import annotations

from domain.ids import post_id

NAMESPACE = "youtube"


def video_id(video: str) -> str:
    """The post id of a video."""
    return post_id(NAMESPACE, video)


def watch_url(video: str, comment: str | None = None) -> str:
    """Where people see a video, or a comment under it."""
    return f"https://www.youtube.com/watch?v={video}{f'&lc={comment}' if comment else ''}"

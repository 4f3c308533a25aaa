"""Channels' uploads and videos: each video is a post of its channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import cut
from crawlers.parsing.build import malformed
from crawlers.parsing.youtube.addresses import watch_url
from crawlers.parsing.youtube.posts import post_from
from crawlers.parsing.youtube.shapes import ChannelEntry, UploadEntry, VideoEntry, key_in, shaped
from domain.posts import MAX_TITLE, Engagement, Incoming, Media


@dataclass(frozen=True, slots=True)
class Upload:
    """A video in a channel's list of uploads."""

    video: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Video:
    """A video as it stands now. `comments` is what the platform counts, replies with them; None: switched off."""

    id: str
    post: Incoming | Malformed
    at: datetime
    comments: int | None


def uploads_of(items: Sequence[Any]) -> str | None:
    """The playlist of a channel's uploads; None where the platform found no such channel."""
    shapes = (shaped(ChannelEntry, item) for item in items)
    return next((one.details.playlists.uploads for one in shapes if not isinstance(one, str)), None)


def uploads(items: Sequence[Any], job: CrawlJob) -> tuple[list[Upload], list[Malformed]]:
    """The public videos on a page of uploads, and entries that are none."""
    found: list[Upload] = []
    bad: list[Malformed] = []
    for item in items:
        shape = shaped(UploadEntry, item)
        if isinstance(shape, str):
            bad.append(malformed(job, key_in(item), shape, str(item)))
        elif shape.details.published is not None:
            found.append(Upload(shape.details.video, shape.details.published))
    return found, bad


def videos(items: Sequence[Any], job: CrawlJob) -> list[Video | Malformed]:
    """Videos with their numbers, each as a post of its channel."""
    return [_video(item, job) for item in items]


def _video(item: Any, job: CrawlJob) -> Video | Malformed:
    shape = shaped(VideoEntry, item)
    if isinstance(shape, str):
        return malformed(job, key_in(item), shape, str(item))
    said, counted = shape.snippet, shape.statistics
    title, text = " ".join(said.title.split()), said.description.strip()
    post = post_from(
        job,
        native=shape.id,
        url=watch_url(shape.id),
        author=said.channel,
        title=cut(title, MAX_TITLE) if title and text else None,
        text=text or title,
        published=said.published,
        engagement=Engagement(likes=counted.likes, replies=counted.comments, views=counted.views),
        media=(Media(kind="video", url=watch_url(shape.id)),),
    )
    return Video(shape.id, post, said.published, counted.comments)

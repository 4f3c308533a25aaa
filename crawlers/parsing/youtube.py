"""Answers of the YouTube Data API: uploads, videos, threads of comments and their replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import cut
from crawlers.parsing.build import malformed
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import MAX_TITLE, Engagement, Incoming, Media

NAMESPACE = "youtube"

_Shape = TypeVar("_Shape", bound=BaseModel)
_Id = Annotated[str, Field(min_length=1, max_length=200)]


class _AuthorChannel(BaseModel):
    value: str


class _CommentSnippet(BaseModel):
    words: str = Field(alias="textDisplay")
    published: AwareDatetime = Field(alias="publishedAt")
    likes: int | None = Field(default=None, alias="likeCount")
    name: str | None = Field(default=None, alias="authorDisplayName")
    channel: _AuthorChannel | None = Field(default=None, alias="authorChannelId")


class _Comment(BaseModel):
    id: _Id
    snippet: _CommentSnippet


class _ThreadSnippet(BaseModel):
    top: _Comment = Field(alias="topLevelComment")
    replies: int = Field(default=0, alias="totalReplyCount")


class _ShownReplies(BaseModel):
    comments: list[Any] = []


class _Thread(BaseModel):
    snippet: _ThreadSnippet
    replies: _ShownReplies | None = None


class _VideoSnippet(BaseModel):
    title: str
    description: str = ""
    published: AwareDatetime = Field(alias="publishedAt")
    channel: str | None = Field(default=None, alias="channelId")


class _Statistics(BaseModel):
    views: int | None = Field(default=None, alias="viewCount")
    likes: int | None = Field(default=None, alias="likeCount")
    comments: int | None = Field(default=None, alias="commentCount")  # absent where comments are switched off


class _Video(BaseModel):
    id: _Id
    snippet: _VideoSnippet
    statistics: _Statistics = _Statistics()


class _UploadDetails(BaseModel):
    video: _Id = Field(alias="videoId")
    published: AwareDatetime | None = Field(default=None, alias="videoPublishedAt")  # absent of a private one


class _Upload(BaseModel):
    details: _UploadDetails = Field(alias="contentDetails")


class _Playlists(BaseModel):
    uploads: _Id


class _ChannelDetails(BaseModel):
    playlists: _Playlists = Field(alias="relatedPlaylists")


class _Channel(BaseModel):
    details: _ChannelDetails = Field(alias="contentDetails")


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


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and those of its replies that came along; `total` is how many replies the platform counts."""

    top: Incoming
    at: datetime
    shown: tuple[Incoming | Malformed, ...]
    total: int


def uploads_of(items: Sequence[Any]) -> str | None:
    """The playlist of a channel's uploads; None where the platform found no such channel."""
    shapes = (_read(_Channel, item) for item in items)
    return next((one.details.playlists.uploads for one in shapes if not isinstance(one, str)), None)


def uploads(items: Sequence[Any], job: CrawlJob) -> tuple[list[Upload], list[Malformed]]:
    """The public videos on a page of uploads, and entries that are none."""
    found: list[Upload] = []
    bad: list[Malformed] = []
    for item in items:
        shape = _read(_Upload, item)
        if isinstance(shape, str):
            bad.append(malformed(job, _key(item), shape, str(item)))
        elif shape.details.published is not None:
            found.append(Upload(shape.details.video, shape.details.published))
    return found, bad


def videos(items: Sequence[Any], job: CrawlJob) -> list[Video | Malformed]:
    """Videos with their numbers, each as a post of its channel."""
    return [_video(item, job) for item in items]


def threads(items: Sequence[Any], video: str, job: CrawlJob) -> list[Thread | Malformed]:
    """A page of threads under a video, in the platform's order."""
    return [_thread(item, video, job) for item in items]


def replies(items: Sequence[Any], video: str, top: str, job: CrawlJob) -> list[Incoming | Malformed]:
    """Replies to a comment. `top` is the comment's post id."""
    return [_reply(item, video, top, job) for item in items]


def video_id(video: str) -> str:
    """The post id of a video."""
    return post_id(NAMESPACE, video)


def watch_url(video: str, comment: str | None = None) -> str:
    """Where people see a video, or a comment under it."""
    return f"https://www.youtube.com/watch?v={video}{f'&lc={comment}' if comment else ''}"


def _video(item: Any, job: CrawlJob) -> Video | Malformed:
    shape = _read(_Video, item)
    if isinstance(shape, str):
        return malformed(job, _key(item), shape, str(item))
    said, counted = shape.snippet, shape.statistics
    title, text = " ".join(said.title.split()), said.description.strip()
    post = _post(
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


def _thread(item: Any, video: str, job: CrawlJob) -> Thread | Malformed:
    shape = _read(_Thread, item)
    if isinstance(shape, str):
        return malformed(job, _key(item), shape, str(item))
    said = shape.snippet
    top = _comment(said.top, video, video_id(video), job, replies=said.replies)
    if isinstance(top, Malformed):
        return top
    shown = shape.replies.comments if shape.replies else []
    return Thread(top, said.top.snippet.published, tuple(replies(shown, video, top.id, job)), said.replies)


def _reply(item: Any, video: str, top: str, job: CrawlJob) -> Incoming | Malformed:
    shape = _read(_Comment, item)
    if isinstance(shape, str):
        return malformed(job, _key(item), shape, str(item))
    return _comment(shape, video, top, job)


def _comment(
    comment: _Comment, video: str, parent: str, job: CrawlJob, *, replies: int | None = None
) -> Incoming | Malformed:
    said = comment.snippet
    return _post(
        job,
        native=comment.id,
        url=watch_url(video, comment.id),
        author=said.channel.value if said.channel else said.name,
        text=said.words.strip(),
        published=said.published,
        parent=parent,
        engagement=Engagement(likes=said.likes, replies=replies),
    )


def _post(job: CrawlJob, *, native: str, text: str, published: datetime, **rest: Any) -> Incoming | Malformed:
    if not text:
        return malformed(job, native, "tanpa teks", native)
    try:
        return Incoming(
            namespace=NAMESPACE,
            native_id=native,
            source=job.spec.key,
            regions=job.spec.regions,
            channel=Channel.YOUTUBE,
            text=cut(text),
            published_at=published,
            date_trust=DateTrust.EXACT,
            fetched_at=job.now,
            **rest,
        )
    except ValidationError as cause:
        return malformed(job, native, _why(cause), text)


def _read(shape: type[_Shape], item: Any) -> _Shape | str:
    """The item in its shape, or why it has none."""
    try:
        return shape.model_validate(item)
    except ValidationError as cause:
        return _why(cause)


def _why(cause: ValidationError) -> str:
    first = cause.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _key(item: Any) -> str:
    return str(item.get("id") or "?") if isinstance(item, Mapping) else "?"

"""The shapes of answers as they are documented, as far as they are used, and entries read into them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

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


class CommentEntry(BaseModel):
    """A comment, or a reply to one."""

    id: _Id
    snippet: _CommentSnippet


class _ThreadSnippet(BaseModel):
    top: CommentEntry = Field(alias="topLevelComment")
    replies: int = Field(default=0, alias="totalReplyCount")


class _ShownReplies(BaseModel):
    comments: list[Any] = []


class ThreadEntry(BaseModel):
    """A comment with those of its replies that came along."""

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


class VideoEntry(BaseModel):
    """A video with its numbers."""

    id: _Id
    snippet: _VideoSnippet
    statistics: _Statistics = _Statistics()


class _UploadDetails(BaseModel):
    video: _Id = Field(alias="videoId")
    published: AwareDatetime | None = Field(default=None, alias="videoPublishedAt")  # absent of a private one


class UploadEntry(BaseModel):
    """An entry in a channel's list of uploads."""

    details: _UploadDetails = Field(alias="contentDetails")


class _Playlists(BaseModel):
    uploads: _Id


class _ChannelDetails(BaseModel):
    playlists: _Playlists = Field(alias="relatedPlaylists")


class ChannelEntry(BaseModel):
    """A channel, with where its uploads are listed."""

    details: _ChannelDetails = Field(alias="contentDetails")


def shaped(shape: type[_Shape], item: Any) -> _Shape | str:
    """The item in its shape, or why it has none."""
    try:
        return shape.model_validate(item)
    except ValidationError as cause:
        return why(cause)


def why(cause: ValidationError) -> str:
    """Where an entry is not as documented, and how."""
    first = cause.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def key_in(item: Any) -> str:
    """By what an entry names itself; `?` where it does not."""
    return str(item.get("id") or "?") if isinstance(item, Mapping) else "?"

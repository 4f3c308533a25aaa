"""Answers of the X API v2: pages of a search, counts, lookups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from crawlers.kinds import CrawlJob, Malformed
from crawlers.parsing.social import Said, misshapen, social_post
from crawlers.platform import listed
from domain.ids import post_id
from domain.labels import Channel
from domain.posts import Engagement, Incoming

NAMESPACE = "x"
FIELDS = "author_id,conversation_id,created_at,edit_history_tweet_ids,note_tweet,public_metrics"
_GONE = ("resource-not-found", "not-authorized-for-resource")  # deleted, or not public any more


class _Metrics(BaseModel):
    like_count: int | None = None
    reply_count: int | None = None
    retweet_count: int | None = None
    impression_count: int | None = None


class _Note(BaseModel):
    text: str = ""


class _Tweet(BaseModel):
    id: str = Field(pattern=r"^\d{1,20}$")
    text: str
    created_at: AwareDatetime
    author_id: str | None = None
    conversation_id: str | None = None
    edit_history_tweet_ids: list[str] = []
    note_tweet: _Note | None = None
    public_metrics: _Metrics = _Metrics()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a search, newest first. `ids` are those of its posts; `last` says that there are no more."""

    entries: tuple[Incoming | Malformed, ...]
    ids: tuple[int, ...]
    last: bool


def parse_search(body: Mapping[str, Any], job: CrawlJob) -> SearchPage:
    """Posts of a search; one that is not shaped as documented says why."""
    entries: list[Incoming | Malformed] = []
    ids: list[int] = []
    for raw in listed(body, "X"):
        if isinstance(raw, dict) and str(raw.get("id", "")).isdecimal():
            ids.append(int(raw["id"]))
        try:
            tweet = _Tweet.model_validate(raw)
        except ValidationError as cause:
            entries.append(misshapen(raw, cause, job))
            continue
        entries.append(social_post(_said(tweet), job))
    meta = body.get("meta")
    return SearchPage(tuple(entries), tuple(ids), last=not (isinstance(meta, dict) and meta.get("next_token")))


def total_of(body: Mapping[str, Any]) -> int | None:
    """How many posts a count tells of; None when it does not tell."""
    meta = body.get("meta")
    total = meta.get("total_tweet_count") if isinstance(meta, dict) else None
    return total if isinstance(total, int) else None


def absent_of(body: Mapping[str, Any]) -> Iterator[str]:
    """The ids of a lookup that are not there any more."""
    for error in listed(body, "X", "errors"):
        if isinstance(error, dict) and str(error.get("type") or "").rpartition("/")[2] in _GONE:
            yield str(error.get("resource_id") or error.get("value") or "")


def _said(tweet: _Tweet) -> Said:
    # An edit has an id of its own; the first of its history is the post's.
    native = next((one for one in tweet.edit_history_tweet_ids if one.isdecimal()), tweet.id)
    thread, metrics = tweet.conversation_id, tweet.public_metrics
    return Said(
        namespace=NAMESPACE,
        native_id=native,
        channel=Channel.X,
        url=f"https://x.com/i/web/status/{tweet.id}",
        text=unescape(tweet.note_tweet.text if tweet.note_tweet and tweet.note_tweet.text else tweet.text),
        author=tweet.author_id,
        published_at=tweet.created_at,
        parent=post_id(NAMESPACE, thread) if thread and thread not in {native, tweet.id} else None,
        engagement=Engagement(
            likes=metrics.like_count,
            replies=metrics.reply_count,
            shares=metrics.retweet_count,
            views=metrics.impression_count,
        ),
    )

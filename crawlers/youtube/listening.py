"""One crawl of a channel or a video: new uploads, comments that are due, and a walk back where one is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from crawlers.asking import Ask
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Gone, Malformed, Memory
from crawlers.parsing.youtube.addresses import video_id, watch_url
from crawlers.parsing.youtube.videos import Upload, Video, uploads, uploads_of, videos
from crawlers.platform import Absent
from crawlers.youtube.addresses import channel_of, single_video
from crawlers.youtube.api import MANY, Api, CommentsShut
from crawlers.youtube.place import Place
from crawlers.youtube.walk import EPOCH, CommentWalk, Recall
from crawlers.youtube.watch import Watched, newest
from domain.errors import SourceUnavailable

MAX_PAGES = 20  # of uploads in an ordinary crawl: closes a gap of a thousand videos
WALKS = 2  # through one video's comments in one crawl: the second meets what slipped past the first
GIVES_UP = 3  # videos in a row whose comments could not be had


class Listening:
    """One crawl of one channel or video."""

    def __init__(self, ask: Ask, job: CrawlJob, notes: CrawlNotes, memory: Memory) -> None:
        self._api = Api(ask, job)
        self._job, self._notes, self._memory = job, notes, memory
        self._recall = Recall(memory)
        self._place = Place.of(job)
        self._failed = 0
        self._bad: list[Malformed] = []  # of the lists of uploads

    async def collect(self) -> AsyncIterator[Found]:
        """New uploads, then the comments of the videos that are due, then what a walk back asks for."""
        job, place = self._job, self._place
        if job.since is not None:
            self._save()  # whatever ends this crawl, the next one goes on with the walk back
        single = single_video(job.spec.url)
        self._notes.incremental = bool(place.watch.videos)
        if single is not None:
            place.watch.add(single, job.now)
        else:
            place.uploads = place.uploads or await self._channel()
            upto = await self._new_uploads(place.uploads)
        for entry in self._bad:
            yield entry
        async for found in self._visit(place.watch.due(job.now)):
            yield found
        if single is None:
            place.upto = upto
            if place.since is not None and place.uploads is not None and job.limit is None:
                async for found in self._back(place.uploads, place.since):
                    yield found
        self._save()

    def _save(self) -> None:
        if self._job.limit is None:
            self._notes.cursor = self._place.as_cursor()

    async def _channel(self) -> str:
        """The playlist of uploads of the channel that the address names."""
        named = channel_of(self._job.spec.url)
        if named is None:
            raise SourceUnavailable(f"{self._job.spec.url} bukan alamat kanal atau video YouTube.")
        asked = {"forHandle": named} if named.startswith("@") else {"id": named}
        page = await self._api.page("channels", part="contentDetails", **asked)
        self._notes.answered = True
        playlist = uploads_of(page.items)
        if playlist is None:
            raise SourceUnavailable(f"YouTube tidak mengenal kanal {self._job.spec.url}: periksa alamatnya.")
        return playlist

    async def _uploads(self, playlist: str) -> AsyncIterator[list[Upload]]:
        """The pages of a channel's uploads, newest first."""
        token: str | None = None
        while True:
            try:
                page = await self._api.page(
                    "playlistItems", token, part="contentDetails", playlistId=playlist, maxResults=MANY
                )
            except Absent:  # a channel that has never shown a video has no such list
                self._notes.answered = True
                return
            self._notes.answered = True
            found, bad = uploads(page.items, self._job)
            self._bad += bad
            yield found
            token = page.next
            if token is None:
                return

    async def _new_uploads(self, playlist: str) -> datetime | None:
        """Watch what is new. Returns up to when uploads are known, once those are stored."""
        place, number = self._place, 0
        upto = place.upto
        async for page in self._uploads(playlist):
            number += 1
            known = await self._memory([video_id(one.video) for one in page])
            for one in page:
                if place.upto is None or one.at > place.upto or video_id(one.video) not in known:
                    place.watch.add(one.video, one.at)
            upto = newest(upto, *(one.at for one in page if one.at <= self._job.clock()))
            oldest = min((one.at for one in page), default=None)
            if place.upto is None or oldest is None or oldest <= place.upto or number == MAX_PAGES:
                break
        return upto

    async def _visit(self, due: Sequence[Watched]) -> AsyncIterator[Found]:
        """The numbers of videos, fifty at once, and then the comments of those that have others than before."""
        walks: list[tuple[Watched, int]] = []
        for start in range(0, len(due), MANY):
            asked = {one.id: one for one in due[start : start + MANY]}
            page = await self._api.page("videos", part="snippet,statistics", id=",".join(asked), maxResults=MANY)
            self._notes.answered = True
            for video in videos(page.items, self._job):
                if isinstance(video, Malformed):
                    yield video
                    continue
                watched = asked.pop(video.id, None)
                if watched is None:
                    continue
                if not isinstance(video.post, Malformed):
                    self._notes.saw(video.at, self._job.now)
                yield video.post
                if self._wants_walk(watched, video) and video.comments is not None:
                    walks.append((watched, video.comments))
            async for gone in self._taken_down(missing(asked, page.items)):
                yield gone
        for watched, comments in walks:
            async for found in self._comments(watched, comments):
                yield found

    async def _taken_down(self, gone: Sequence[str]) -> AsyncIterator[Gone]:
        """Videos that are not there any more, with what was said under them: nobody can read that there, either."""
        until = self._job.clock() + timedelta(days=1)
        for video in gone:
            self._place.watch.videos.pop(video, None)
            for comment in await self._recall.under(video_id(video), EPOCH, until):
                for reply in await self._recall.under(comment, EPOCH, until):
                    yield Gone(reply)
                yield Gone(comment)
            yield Gone(video_id(video))

    def _wants_walk(self, watched: Watched, video: Video) -> bool:
        watched.at, watched.shut = video.at.replace(microsecond=0), video.comments is None
        if video.comments == 0 and not watched.count and watched.walk is None:
            watched.count, watched.whole = 0, self._job.now  # nothing to be read, and no unit spent on seeing it
        if video.comments is not None and watched.wants_walk(video.comments, self._job.now):
            return True
        watched.rest(self._job.now)
        return False

    async def _comments(self, video: Watched, comments: int) -> AsyncIterator[Found]:
        """Walk through a video's comments until nothing of them is left to be read; what fails waits for later."""
        for _ in range(WALKS):
            walk = CommentWalk(self._api, self._job, self._notes, self._recall, video, comments, self._save)
            try:
                async for found in walk.read():
                    yield found
            except CommentsShut:
                video.shut, video.walk = True, None
            except Absent:
                async for gone in self._taken_down([video.id]):
                    yield gone
                break
            except SourceUnavailable as cause:
                self._failed += 1
                self._notes.trouble = f"Komentar {watch_url(video.id)} tidak terambil seluruhnya: {cause}"
                self._save()
                if self._failed == GIVES_UP:
                    raise
                return
            self._failed = 0
            if video.settled or video.shut:
                break
        video.rest(self._job.now)
        self._save()

    async def _back(self, playlist: str, since: datetime) -> AsyncIterator[Found]:
        """All uploads since a time, page by page; where it is broken off, the next crawl goes on."""
        before = self._place.before
        async for page in self._uploads(playlist):
            wanted = [one for one in page if one.at >= since and (before is None or one.at <= before)]
            for one in wanted:
                self._place.watch.add(one.video, one.at)
            async for found in self._visit([self._place.watch.videos[one.video] for one in wanted]):
                yield found
            if page and min(one.at for one in page) < since:
                break
            self._place.before = min((one.at for one in wanted), default=self._place.before)
            self._save()
        self._place.since = self._place.before = None


def missing(asked: dict[str, Watched], items: Sequence[object]) -> list[str]:
    """Videos that were asked for and are not in an answer: deleted, or not public any more."""
    named = {str(item.get("id")) for item in items if isinstance(item, dict)}
    return [video for video in asked if video not in named]

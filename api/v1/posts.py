"""`/api/v1/posts`: search, one case, corrections."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.corrections import checked
from api.finding import find
from api.parts import Rooms
from api.problems import responses
from api.v1.answers import LabelList, LabelWish, Post, PostDetail, PostList, ReadingAnswer, Revision
from api.v1.asking import SearchParams
from api.v1.bodies import json_body
from api.visitors import ApiReader, ApiWriter
from store.cases import CaseDetail

router = APIRouter(tags=["posts"])
CaseId = Annotated[str, Path(pattern=r"^[a-z2-7]{26}\.[a-z0-9][a-z0-9-]{0,80}$", description="Case id.")]


@router.get("/posts", responses=responses(400, 401, 403, 422, 503))
def search_posts(visitor: ApiReader, parts: Rooms, asked: Annotated[SearchParams, Query()]) -> PostList:
    """Search cases. Hits are re-read from truth and checked against the caller's scope before they leave."""
    zone = parts.zone(visitor.scope, tuple(asked.region))
    return PostList.of(find(parts, asked.query(zone), visitor.scope))


@router.get("/posts/{case_id}", responses=responses(401, 403, 404, 422, 503))
def read_post(visitor: ApiReader, parts: Rooms, case_id: CaseId) -> PostDetail:
    """One case with its reading, labels, story and revisions. Absent and hidden are told alike."""
    return _detail(parts.store.cases.detail(case_id, visitor.scope))


@router.post(
    "/posts/{case_id}/labels",
    status_code=201,
    responses=responses(400, 401, 403, 404, 413, 415, 422, 503),
    dependencies=[Depends(json_body)],
)
def correct_label(visitor: ApiWriter, parts: Rooms, case_id: CaseId, wish: LabelWish) -> LabelList:
    """Correct a label. What people say wins over the machine and is never overwritten, only added to."""
    case = parts.store.cases.document(case_id, visitor.scope)
    value = checked(parts, case.region, wish.task, wish.value)
    parts.store.labels.say(case_id, wish.task, value, visitor.user.name, visitor.scope, wish.note, parts.clock())
    status = parts.store.labels.status(case_id, visitor.scope)
    return LabelList(state=status.state, labels=status.labels)


def _detail(found: CaseDetail) -> PostDetail:
    reading = found.reading
    return PostDetail(
        post=Post.of(found.document),
        reading=ReadingAnswer.model_validate(reading.model_dump(include=set(ReadingAnswer.model_fields))),
        labels=found.status.labels,
        story=tuple(Post.of(document) for document in found.story_cases),
        elsewhere=tuple(Post.of(document) for document in found.siblings),
        revisions=tuple(
            Revision(revision=r.revision, title=r.title, text=r.text, replaced_at=r.replaced_at)
            for r in found.revisions
        ),
    )

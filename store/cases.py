"""Cases as readers may see them: every read takes a scope, and what it hides is as absent as what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select

from domain.cases import Case, CaseStatus
from domain.digests import digests_of
from domain.documents import PostDocument
from domain.errors import NotFound
from domain.posts import RawPost
from domain.reading import Reading
from domain.scope import Scope
from domain.search import CaseVersion, DayDigest
from store.database import Database
from store.projection import PARTS, Parts, UrusanOf, for_engines, join, load
from store.tables import cases, post_revisions
from store.vectors import vectors_of

_PAGE: Final = 500  # cases of one read of a stream


@dataclass(frozen=True, slots=True)
class PostRevision:
    """The masked words of a post before an edit."""

    revision: int
    title: str | None
    text: str
    fetched_at: datetime
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """Everything that a case's own page shows. Other cases in it are those that the same scope may see."""

    document: PostDocument
    post: RawPost
    reading: Reading
    case: Case
    status: CaseStatus
    story_cases: tuple[PostDocument, ...]  # others of its story, oldest first
    siblings: tuple[PostDocument, ...]  # the same post in other regions
    revisions: tuple[PostRevision, ...]  # newest first


class Cases:
    """Reads of cases, joined from truth as it is now."""

    def __init__(self, database: Database, *, urusan_of: UrusanOf) -> None:
        self._database = database
        self._urusan_of = urusan_of

    def document(self, case_id: str, scope: Scope) -> PostDocument:
        """One case. NotFound when it is absent or hidden from this reader."""
        found = self.documents([case_id], scope)
        if not found:
            raise _absent(case_id)
        return found[0]

    def documents(self, case_ids: Iterable[str], scope: Scope, *, placed: bool = False) -> list[PostDocument]:
        """The cases that are there and visible, in the order asked for; `placed` with vectors, for an engine."""
        wanted = list(case_ids)
        query = PARTS.where(cases.c.id.in_(sorted(set(wanted))), visible(scope, by_region=False))
        with self._database.read() as connection:
            parts = join(connection, connection.execute(query).all())
            vectors = vectors_of(connection, [x.post.id for x in parts]) if placed else {}
        found = {
            document.id: document.model_copy(update={"vector": vectors.get(document.post_id)}) if placed else document
            for document in self._seen(parts, scope)
        }
        return [found[case_id] for case_id in wanted if case_id in found]

    def detail(self, case_id: str, scope: Scope) -> CaseDetail:
        """A case with all that belongs to it. NotFound when it is absent or hidden from this reader."""
        with self._database.read() as connection:
            parts = load(connection, [case_id]).get(case_id)
            if parts is None or not scope.allows(document := parts.document(self._urusan_of)):
                raise _absent(case_id)
            others = PARTS.where(
                visible(scope, by_region=False),
                cases.c.id != case_id,
                or_(cases.c.story == parts.story, cases.c.post_id == parts.post.id),
            )
            related = list(self._seen(join(connection, connection.execute(others).all()), scope))
            revisions = connection.execute(
                select(post_revisions)
                .where(post_revisions.c.post_id == parts.post.id)
                .order_by(post_revisions.c.revision.desc())
            ).all()
        return CaseDetail(
            document=document,
            post=parts.post,
            reading=parts.reading,
            case=parts.case,
            status=parts.status,
            story_cases=tuple(
                sorted((d for d in related if d.story == parts.story), key=lambda d: (d.published_at, d.id))
            ),
            siblings=tuple(sorted((d for d in related if d.post_id == parts.post.id), key=lambda d: d.region)),
            revisions=tuple(PostRevision(r.revision, r.title, r.text, r.fetched_at, r.replaced_at) for r in revisions),
        )

    def export(self, scope: Scope, case_ids: Iterable[str]) -> Iterator[PostDocument]:
        """Stream the visible ones of these cases, in the order asked for."""
        wanted = iter(case_ids)
        while page := list(islice(wanted, _PAGE)):
            yield from self.documents(page, scope)

    def everything(self, region: str | None = None, after: str | None = None) -> Iterator[PostDocument]:
        """Stream all living cases by id, for building an index: it sees all, so its scope is checked when it is read.

        `after` goes on behind a case id, for a rebuild that was cut off.
        """
        last = after or ""
        query = PARTS.order_by(cases.c.id).limit(_PAGE)
        if region is not None:
            query = query.where(cases.c.region == region)
        while True:
            with self._database.read() as connection:
                page = join(connection, connection.execute(query.where(cases.c.id > last)).all())
                made = for_engines(connection, page, self._urusan_of)
            yield from made
            if len(page) < _PAGE:
                return
            last = page[-1].case.id

    def count(self, region: str | None = None) -> int:
        """How many living cases there are."""
        query = select(func.count()).select_from(cases).where(cases.c.gone_at.is_(None))
        if region is not None:
            query = query.where(cases.c.region == region)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def digests(self) -> list[DayDigest]:
        """Count and hash of each region's living cases, month by month."""
        query = select(cases.c.region, cases.c.month, cases.c.id, cases.c.rev).where(cases.c.gone_at.is_(None))
        with self._database.read() as connection:
            return digests_of((r.region, r.month, r.id, r.rev) for r in connection.execute(query))

    def versions(self, region: str, month: str) -> Iterator[CaseVersion]:
        """The living cases of a region's month with their revs, by id."""
        query = (
            select(cases.c.id, cases.c.rev)
            .where(cases.c.region == region, cases.c.month == month, cases.c.gone_at.is_(None))
            .order_by(cases.c.id)
            .limit(_PAGE)
        )
        last = ""
        while True:
            with self._database.read() as connection:
                page = connection.execute(query.where(cases.c.id > last)).all()
            yield from (CaseVersion(id=row.id, rev=row.rev) for row in page)
            if len(page) < _PAGE:
                return
            last = page[-1].id

    def _seen(self, parts: Sequence[Parts], scope: Scope) -> Iterator[PostDocument]:
        for one in parts:
            document = one.document(self._urusan_of)
            if scope.allows(document):
                yield document


def visible(scope: Scope, *, by_region: bool = True) -> ColumnElement[bool]:
    """A scope as SQL, for lists and counts: it lets through exactly the living cases that `Scope.allows` does.

    Without `by_region` no index on regions answers it: right where cases, a story or a post are asked for by
    name, since SQLite would rather walk through the whole region.
    """
    region = cases.c.region if by_region else func.coalesce(cases.c.region, "")
    conditions: list[ColumnElement[bool]] = [region.in_(sorted(scope.regions)), cases.c.gone_at.is_(None)]
    if not scope.may_oversee:
        conditions.append(cases.c.oversight.is_(False))
    if scope.opds is not None:
        own = [(slug, sorted(scope.agencies_in(slug))) for slug in sorted(scope.regions)]
        conditions.append(or_(false(), *(and_(region == slug, _of_agencies(codes)) for slug, codes in own if codes)))
    if scope.areas is not None:
        conditions.append(or_(false(), *(_tells_of(area) for area in sorted(scope.areas))))
    return and_(*conditions)


def _of_agencies(codes: Sequence[str]) -> ColumnElement[bool]:
    """Cases that some agencies of a region answer for and that accuse none of them."""
    blamed = (cases.c.accused.contains(f'"{code}"', autoescape=True) for code in codes)
    return and_(cases.c.opd.in_(codes), or_(cases.c.accused.is_(None), not_(or_(false(), *blamed))))


def _tells_of(area: str) -> ColumnElement[bool]:
    """Cases with a place in an area. `area` holds the first place only; in the body each is written as `"kode":"..."`.

    No agency's code looks like a Kemendagri code, and quotes within words are escaped there.
    """
    return or_(
        cases.c.area == area,
        cases.c.area.startswith(f"{area}.", autoescape=True),
        cases.c.body.contains(f'"kode":"{area}"', autoescape=True),
        cases.c.body.contains(f'"kode":"{area}.', autoescape=True),
    )


def _absent(case_id: str) -> NotFound:
    return NotFound(f"Kasus {case_id} tidak ditemukan.")

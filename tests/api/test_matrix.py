"""Every route x every role x somebody else's object: what is hidden is told exactly like what was never there.

The routes are asked of the application itself, so a new one is in the matrix the day it is served; a new kind of
path parameter fails here until somebody says which objects it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from api.trends.registry import load_panels
from desk.actors import Actor
from domain.ids import post_of_case
from domain.scope import Scope
from domain.tickets import Party
from store.photos import Picture
from tests.api.alerting import desk_of, heard, reader, watch
from tests.api.installation import PASSWORD, Installation, case, installed
from tests.api.serving import csrf_of, log_in, served
from tests.api.told import NOW, OTHER, POSTS, REGION, Told

ACCUSED = Told("suap", "Pegawai PUTR minta setoran untuk izin aspal", "jalan.rusak", 6, accused="opd")
FORM = "a" * 32  # a form that somebody else is filling in
OWN = {"draft", "watch_id", "alert_id"}  # whoever keeps them is not among these people
PEOPLE = ("ratna", "putr", "dishub", "irban", "bupati", "kades", "kosong", "bengkulu")
NEVER_THERE = {
    "case_id": case("tidak-pernah-ada"), "code": "LB-2026-11-9999", "story": "0" * 20, "photo": "f" * 32,
    "draft": "0" * 32, "watch_id": "0" * 16, "alert_id": f"{'0' * 16}.c-{'0' * 20}",
}  # fmt: skip
# Parameters that name no object of anybody's: they are the same for all who may open the page.
PLAIN = {
    "name", "channel", "panel", "region", "slug", "user", "key", "form", "suffix", "token_id", "edit_id", "note_id",
    "verdict_id", "verdict", "source", "part", "kode", "token", "id", "number",
}  # fmt: skip


# What opens without a login: forms and codes of the public, what platforms hand in, and what every page needs.
PUBLIC = {
    "/masuk", "/healthz", "/readyz", "/static/{name}", "/api/v1/openapi.json", "/lapor", "/lapor/{name}",
    "/metrics",  # to this machine itself, where the tests are
}  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """An object, what it is called in addresses, and words that only it holds."""

    parameter: str
    value: str
    post: str
    region: str
    words: str


@dataclass(frozen=True)
class Town:
    """The installation, its address, its things and who may know of which."""

    place: Installation
    address: str
    things: tuple[Thing, ...]
    knows: dict[tuple[str, str], bool]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Cases and tickets of two regions, three agencies, and two accusations."""
    with installed(tmp_path_factory.mktemp("matriks"), more=0, told=(*POSTS, ACCUSED)) as place:
        people = place.store.accounts
        for name, role, more in (
            ("dishub", "penghubung", {"opds": (f"{REGION}/DISHUB",)}),
            ("irban", "penghubung", {"opds": (f"{REGION}/INSPEKTORAT",), "may_oversee": True}),
            ("kades", "kades", {"areas": ("52.01.08.2004",)}),
        ):
            people.create_user(name, role=role, password=PASSWORD, regions=(REGION,), **more)
        people.change_user("putr", may_oversee=True)  # the accused unit's liaison: even so it sees nothing
        everything = Scope(regions=frozenset({REGION, OTHER}), may_oversee=True)
        center = Actor("admin", everything, Party.CENTER)
        things: list[Thing] = []
        for key, region, opd, words in (
            ("kubangan", REGION, "PUTR", "seperti kubangan"), ("truk", REGION, "DISHUB", "Truk tanah lewat"),
            ("kades", REGION, None, "pungli setiap urus"), ("suap", REGION, None, "minta setoran untuk izin"),
            ("bengkulu", OTHER, "DLH", "Pasar Minggu Kota Bengkulu"),
        ):  # fmt: skip
            one = place.app.state.parts.desk.tickets.open([case(key, region)], center, opd=opd or "PUTR")
            story = place.store.cases.document(case(key, region), everything).story
            photo = Picture("image/jpeg", 1, 1, key.encode(), key.encode())
            place.store.photos.hold(key, photo, "admin", NOW)
            place.store.photos.attach(key, post_of_case(case(key, region)), "admin")
            named = (("case_id", case(key, region)), ("code", one.code), ("story", story), ("photo", photo.id))
            things.extend(Thing(parameter, value, key, region, words) for parameter, value in named)
        place.store.photos.hold(FORM, Picture("image/jpeg", 1, 1, b"formulir", b"formulir"), "admin", NOW)
        things += _watches(place)
        things.append(Thing("draft", FORM, "kubangan", REGION, "formulir-orang-lain"))
        place.work()
        with served(place.app) as address:
            yield Town(place, address, tuple(things), _knowledge(place, things))


def _watches(place: Installation) -> list[Thing]:
    """What only its owner knows of: a private watch, and its alerts."""
    kept = watch(place, "admin", "kubangan OR setoran", name="pantauan milik admin")
    watch(place, "admin", "setoran OR pungli", name="pantauan bersama", shared=True)
    heard(place)
    told = [one.id for one in desk_of(place).alerts(reader(place, "admin")) if one.kept.watch.id == kept.id]
    named = [("watch_id", kept.id), *(("alert_id", id_) for id_ in told)]
    return [Thing(parameter, value, "kubangan", REGION, "pantauan milik admin") for parameter, value in named]


def _knowledge(place: Installation, things: list[Thing]) -> dict[tuple[str, str], bool]:
    """Who may know of what: of a case by its scope, of a ticket by its scope."""
    knows = {}
    everything = Scope(regions=frozenset({REGION, OTHER}), may_oversee=True)
    for name in PEOPLE:
        scope = place.store.accounts.scope_of(place.store.accounts.user(name), frozenset({REGION, OTHER}))
        for thing in things:
            document = place.store.cases.document(case(thing.post, thing.region), everything)
            ticket = place.store.tickets.ticket(str(document.ticket), everything)
            subject = ticket if thing.parameter == "code" else document
            knows[name, thing.value] = thing.parameter not in OWN and scope.allows(subject)
    return knows


def routes(app: Any) -> list[tuple[str, str]]:
    """Method and path of every route that is served."""
    found: list[tuple[str, str]] = []

    def walk(candidates: Any) -> None:
        for one in candidates:
            if hasattr(one, "effective_candidates"):
                walk(one.effective_candidates())
            elif getattr(one, "path", None):
                found.extend((method, one.path) for method in sorted(one.methods or ()) if method != "HEAD")

    walk(app.routes)
    return sorted(set(found))


def parameters(path: str) -> list[str]:
    return [name.partition(":")[0] for name in re.findall(r"{([^}]+)}", path)]


@pytest.fixture(scope="module")
def doors(town: Town) -> Iterator[dict[str, tuple[httpx.Client, str]]]:
    """A logged-in client of everybody, with the token that forms carry."""
    clients = {}
    for name in PEOPLE:
        client = httpx.Client(base_url=town.address, timeout=30)
        log_in(client, name, PASSWORD)
        clients[name] = (client, csrf_of(client.get("/sandi").text))
    yield clients
    for client, _ in clients.values():
        client.close()


def test_every_path_parameter_is_known_to_the_matrix(town: Town) -> None:
    unknown = {
        name
        for _, path in routes(town.place.app)
        for name in parameters(path)
        if name not in NEVER_THERE.keys() | PLAIN
    }
    assert unknown == set(), "say in this test which objects these name"


def test_the_matrix_holds_what_people_may_and_may_not_know(town: Town) -> None:
    for name in PEOPLE:
        known = {town.knows[name, thing.value] for thing in town.things}
        assert False in known, name
        assert True in known or name == "kosong", name
    accused = next(t for t in town.things if t.post == "suap" and t.parameter == "code")
    assert not town.knows["putr", accused.value]
    assert town.knows["irban", accused.value]


def test_nothing_but_public_addresses_opens_without_a_login(town: Town) -> None:
    opened = set()
    with httpx.Client(base_url=town.address, timeout=30) as nobody:
        for method, path in routes(town.place.app):
            answer = nobody.request(method, re.sub(r"{[^}]+}", "1", path))
            led_to_login = answer.headers.get("location", "").startswith("/masuk")
            if answer.is_success or (answer.is_redirect and not led_to_login):
                opened.add(path)
            assert not any(thing.words in answer.text for thing in town.things), path
    assert opened <= PUBLIC, "say in this test why anybody may open these"
    assert {"/masuk", "/lapor"} <= opened


@pytest.mark.parametrize("name", PEOPLE)
def test_what_is_hidden_is_told_like_what_is_absent(
    town: Town, doors: dict[str, tuple[httpx.Client, str]], name: str
) -> None:
    client, csrf = doors[name]
    told, asked = [], 0
    for method, path in routes(town.place.app):
        for parameter in parameters(path):
            for thing in town.things:
                if thing.parameter != parameter or town.knows[name, thing.value]:
                    continue
                asked += 1
                hidden = _ask(client, csrf, method, _filled(path, parameter, thing.value))
                absent = _ask(client, csrf, method, _filled(path, parameter, NEVER_THERE[parameter]))
                same = _plain(hidden, thing.value) == _plain(absent, NEVER_THERE[parameter])
                if not same or thing.words in hidden.text:
                    told.append(f"{method} {path} of {thing.post}: {hidden.status_code}, absent {absent.status_code}")
    assert told == []
    assert asked > 10


@pytest.mark.parametrize("name", PEOPLE)
def test_no_list_count_chart_or_export_tells_of_what_is_hidden(
    town: Town, doors: dict[str, tuple[httpx.Client, str]], name: str
) -> None:
    client, _ = doors[name]
    told = []
    for method, path in routes(town.place.app):
        if method != "GET" or path == "/langsung" or set(parameters(path)) & NEVER_THERE.keys():
            continue
        for address in _lists(path):
            text = client.get(address).text
            told += [
                f"{address} tells of {thing.post} ({thing.parameter})"
                for thing in town.things
                if not town.knows[name, thing.value] and (thing.words in text or thing.value in text)
            ]
    assert told == []


def _lists(path: str) -> list[str]:
    """A route with its plain parameters filled with something that exists."""
    if not parameters(path):
        return [path, f"{path}?q=", f"{path}?hari=0"]
    named = [(panel, suffix) for panel in load_panels() for suffix in ("csv", "svg")]
    plain = [re.sub(r"{name[^}]*}", f"{panel}.{suffix}", path) for panel, suffix in named]
    return sorted({re.sub(r"{[^}]+}", panel, one) for one, (panel, _) in zip(plain, named, strict=True)})


def _filled(path: str, parameter: str, value: str) -> str:
    path = re.sub(rf"{{{parameter}(:[^}}]*)?}}", value, path)
    return re.sub(r"{[^}]+}", "1", path)


def _ask(client: httpx.Client, csrf: str, method: str, path: str) -> httpx.Response:
    if method == "GET":
        return client.get(path)
    if path.startswith("/api/"):
        body: dict[str, Any] = {
            "task": "urgency", "value": "mendesak", "action": "catatan", "note": "coba", "cases": [], "opd": "PUTR",
        }  # fmt: skip
        if "/alerts/" in path or "/watches/" in path:  # which take only what they know
            body = {"state": "seen"} if "/alerts/" in path else {"name": "coba"}
        return client.request(method, path, json=body, headers={"X-CSRF-Token": csrf})
    form = {"csrf": csrf, "task": "urgency", "value": "mendesak", "action": "catatan", "note": "coba", "opd": "PUTR"}
    return client.request(method, path, data=form)


def _plain(answer: httpx.Response, value: str) -> tuple[int, str, str]:
    """Status, target and words of an answer, without the id that was asked for and what differs by the minute."""
    text = re.sub(r'name="csrf" value="[^"]*"', "", answer.text.replace(value, "ID"))
    return answer.status_code, answer.headers.get("location", "").replace(value, "ID"), text

"""Accounts, sessions, tokens and failed logins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.errors import Conflict, NotFound, Refused
from store import Store
from store.logins import MAX_PER_ADDRESS, MAX_PER_NAME
from store.people import Role, TokenScope, User, scope_of
from tests.store.line import NOW, OTHER, REGION

PASSWORD = "kata sandi panjang"


@pytest.fixture
def sari(store: Store) -> User:
    return store.accounts.create_user(
        "Sari", display="Sari Dewi", role="penghubung", password=PASSWORD, regions=[REGION], opds=[f"{REGION}/PUTR"]
    )


def test_a_person_comes_in_with_the_right_password_only(store: Store, sari: User) -> None:
    assert store.accounts.verify("  SARI ", PASSWORD) == sari
    assert store.accounts.verify("sari", "salah salah salah") is None
    assert store.accounts.verify("siapa", PASSWORD) is None
    store.accounts.set_active("sari", active=False)
    assert store.accounts.verify("sari", PASSWORD) is None
    assert store.accounts.has_users()


def test_passwords_are_kept_as_argon2id(store: Store, sari: User) -> None:
    with store.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT password FROM accounts").scalar_one()
    assert kept.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"name": "sari"}, Conflict),
        ({"name": "dua kata"}, Refused),
        ({"name": "budi", "role": "raja"}, Refused),
        ({"name": "budi", "password": "pendek"}, Refused),
    ],
)
def test_what_cannot_be_an_account_is_refused(
    store: Store, sari: User, changes: dict[str, str], failure: type[Exception]
) -> None:
    with pytest.raises(failure):
        store.accounts.create_user(**({"role": "analis", "password": PASSWORD} | changes))  # type: ignore[arg-type]


def test_an_account_changes_and_its_password_ends_its_sessions(store: Store, sari: User) -> None:
    token = store.accounts.start_session(sari, NOW)
    changed = store.accounts.change_user("sari", role="analis", opds=[], may_oversee=True)
    assert (changed.role, changed.opds, changed.may_oversee) == (Role.ANALYST, (), True)
    store.accounts.set_password("sari", "kata sandi lain lagi", must_change=True)
    assert store.accounts.session(token, NOW) is None
    user = store.accounts.verify("sari", "kata sandi lain lagi")
    assert user is not None
    assert user.must_change
    with pytest.raises(NotFound):
        store.accounts.set_password("siapa", PASSWORD)
    with pytest.raises(Refused):
        store.accounts.change_user("sari", password="x")


def test_a_session_slides_with_use_and_ends_by_itself(store: Store, sari: User) -> None:
    token = store.accounts.start_session(sari, NOW, address="127.0.0.1", agent="penjelajah")
    for hours in (10, 20, 30):
        session = store.accounts.session(token, NOW + timedelta(hours=hours))
        assert session is not None
        assert (session.user, session.address) == (sari, "127.0.0.1")
    assert store.accounts.session(token, NOW + timedelta(hours=43)) is None
    assert store.accounts.session("karangan", NOW) is None


def test_a_session_ends_after_a_week_however_much_it_is_used(store: Store, sari: User) -> None:
    token = store.accounts.start_session(sari, NOW)
    for hours in range(0, 24 * 7, 6):
        assert store.accounts.session(token, NOW + timedelta(hours=hours)) is not None
    assert store.accounts.session(token, NOW + timedelta(days=7)) is None
    store.tidy(NOW + timedelta(days=8))
    with store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar_one() == 0


def test_logging_out_ends_one_session_or_all_others(store: Store, sari: User) -> None:
    first, second, third = (store.accounts.start_session(sari, NOW) for _ in range(3))
    store.accounts.end_session(first)
    assert store.accounts.session(first, NOW) is None
    assert len(store.accounts.sessions("sari", NOW)) == 2
    store.accounts.end_all("sari", but=third)
    assert store.accounts.session(second, NOW) is None
    assert store.accounts.session(third, NOW) is not None


def test_neither_cookies_nor_tokens_stand_in_the_database(store: Store, sari: User) -> None:
    cookie = store.accounts.start_session(sari, NOW)
    token = store.accounts.create_token(sari, TokenScope.READ, "skrip", None, NOW)
    with store.database.read() as connection:
        ids = connection.exec_driver_sql("SELECT id FROM sessions UNION SELECT id FROM tokens").scalars().all()
    assert cookie not in ids
    assert token not in ids


def test_a_token_opens_what_it_says_until_it_runs_out(store: Store, sari: User) -> None:
    plain = store.accounts.create_token("sari", "intake", "formulir", NOW + timedelta(days=1), NOW)
    token = store.accounts.token(plain, NOW)
    assert token is not None
    assert (token.user, token.scope, token.name) == (sari, TokenScope.INTAKE, "formulir")
    assert store.accounts.token(plain, NOW + timedelta(days=1)) is None
    assert store.accounts.token("jaring_karangan", NOW) is None
    assert [t.used_at for t in store.accounts.tokens("sari")] == [NOW]
    store.accounts.revoke_token(token.id)
    assert store.accounts.token(plain, NOW) is None
    with pytest.raises(Refused):
        store.accounts.create_token("sari", "semua", "x", None, NOW)
    with pytest.raises(NotFound):
        store.accounts.create_token("siapa", "read", "x", None, NOW)


def test_guessing_is_stopped_by_name_and_by_address_for_a_while(store: Store) -> None:
    accounts = store.accounts
    for _ in range(MAX_PER_NAME):
        assert not accounts.login_blocked("sari", "10.0.0.1", NOW)
        accounts.note_attempt("sari", "10.0.0.1", NOW, ok=False)
    assert accounts.login_blocked("SARI ", "10.0.0.2", NOW)
    assert accounts.login_blocked("\uff53\uff41\uff52\uff49", "10.0.0.2", NOW)  # what finds the account counts for it
    assert not accounts.login_blocked("budi", "10.0.0.1", NOW)
    assert not accounts.login_blocked("sari", "10.0.0.1", NOW + timedelta(minutes=16))
    accounts.note_attempt("sari", "10.0.0.1", NOW, ok=True)
    assert not accounts.login_blocked("sari", "10.0.0.1", NOW)
    for n in range(MAX_PER_ADDRESS):
        accounts.note_attempt(f"nama{n}", "10.0.0.9", NOW, ok=False)
    assert accounts.login_blocked("lain", "10.0.0.9", NOW)


def test_each_role_sees_its_part_of_truth() -> None:
    served = [REGION, OTHER]
    admin = scope_of(User("a", "A", Role.ADMIN), served)
    assert (admin.regions, admin.opds, admin.areas) == (frozenset(served), None, None)
    liaison = scope_of(User("b", "B", Role.LIAISON, regions=(REGION, "tak-dilayani")), served)
    assert (liaison.regions, liaison.opds) == (frozenset({REGION}), frozenset())
    kades = scope_of(User("c", "C", Role.VILLAGE_HEAD, areas=("52.01.06.2003",)), served)
    assert kades.areas == frozenset({"52.01.06.2003"})
    assert not kades.may_reveal


def test_there_is_always_an_admin_left(store: Store, sari: User) -> None:
    for name in ("satu", "dua"):
        store.accounts.create_user(name, role="admin", password=PASSWORD)
    store.accounts.set_active("satu", active=False)
    for deed in (
        lambda: store.accounts.set_active("dua", active=False),
        lambda: store.accounts.change_user("dua", role="analis"),
    ):
        with pytest.raises(Conflict, match="satu-satunya admin"):
            deed()
    assert store.accounts.user("dua").active
    store.accounts.set_active("satu", active=True)
    store.accounts.change_user("dua", role="analis")
    assert store.accounts.user("dua").role is Role.ANALYST


def test_two_admins_who_close_each_other_at_once_do_not_both_succeed(store: Store) -> None:
    for name in ("satu", "dua"):
        store.accounts.create_user(name, role="admin", password=PASSWORD)

    def close(name: str) -> bool:
        try:
            store.accounts.set_active(name, active=False)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as people:
        assert sum(people.map(close, ("satu", "dua"))) == 1


def test_the_audit_trail_is_read_by_kind_and_time(store: Store) -> None:
    for hours, action in enumerate(("user.add", "user.change", "userx", "token.add")):
        store.audit.write("admin", action, "sari", {}, NOW + timedelta(hours=hours))
    assert [line.action for line in store.audit.list(action="user.")] == ["user.change", "user.add"]
    within = store.audit.list(since=NOW + timedelta(hours=1), until=NOW + timedelta(hours=3))
    assert [line.action for line in within] == ["userx", "user.change"]

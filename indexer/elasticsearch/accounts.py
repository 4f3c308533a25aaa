"""The accounts of a cluster that asks for passwords: Jaring's own, for its own indices only, and Kibana's."""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch

from domain.errors import SettingsError
from indexer.elasticsearch.connection import Address, translated
from indexer.elasticsearch.families import shown_of, tickets_of

KIBANAS_OWN = "kibana_system"  # comes with Elasticsearch, without a password that anybody knows
_CLUSTER = ("monitor", "manage_index_templates", "manage_ilm")


def role_of(name: str) -> dict[str, Any]:
    """Return what Jaring's account may do where its indices have this name."""
    bases = (f"{name}-*", f"{name}_state", f"{shown_of(name).base}-*", f"{tickets_of(name).base}-*")
    return {"cluster": list(_CLUSTER), "indices": [{"names": list(bases), "privileges": ["all"]}]}


def put_accounts(manager: Elasticsearch, ours: Address, *, kibana: str | None = None) -> list[str]:
    """Make the role and the account that an address names, and give Kibana's own account its password.

    `manager` is logged in as one that may manage accounts. Done again, it sets the same passwords again. Returns the
    names of the accounts. Raises: SettingsError where the address names none, or the manager's own.
    """
    if ours.login is None:
        raise SettingsError("JARING_SEARCH_URL tidak menyebut akun. Tulis http://nama:sandi@host:port")
    user, password = ours.login
    role = f"jaring-{ours.name}"
    done = [user]
    with translated():
        manager.security.put_role(name=role, **role_of(ours.name))
        manager.security.put_user(username=user, password=password, roles=[role], full_name="Jaring")
        if kibana is not None:
            manager.security.change_password(username=KIBANAS_OWN, password=kibana)
            done.append(KIBANAS_OWN)
    return done

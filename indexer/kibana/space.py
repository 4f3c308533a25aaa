"""The space that everything stands in, and the roles of those who may look: people of the center, and nobody else."""

from __future__ import annotations

from typing import Any, Final

from indexer.kibana.views import Aliases

SPACE: Final = "jaring"

SPACE_BODY: Final[dict[str, Any]] = {
    "id": SPACE,
    "name": "Jaring",
    "description": "Aspirasi dan aduan warga, untuk pusat kendali. Diatur oleh jaring kibana apply.",
    "initials": "J",
    "color": "#1F6F78",
    "disabledFeatures": [],
}


def roles(aliases: Aliases) -> dict[str, dict[str, Any]]:
    """Return the roles by name: each reads the two aliases only, none writes, none sees another space."""
    return {
        "jaring-dasbor": _role(
            "Pimpinan: melihat dasbor Jaring.", aliases, {"base": [], "feature": {"dashboard": ["read"]}}
        ),
        "jaring-telusur": _role(
            "Analis pusat: melihat dasbor Jaring dan menelusuri kiriman.", aliases, {"base": ["read"], "feature": {}}
        ),
    }


def _role(about: str, aliases: Aliases, may: dict[str, Any]) -> dict[str, Any]:
    reads = {"names": [aliases.cases, aliases.tickets], "privileges": ["read", "view_index_metadata"]}
    return {
        "description": about,
        "elasticsearch": {"cluster": [], "indices": [reads], "run_as": []},
        "kibana": [{**may, "spaces": [SPACE]}],
    }

"""Snapshots, as docs/operations.md tells of them: taken, everything lost, restored, gone on with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.search import SearchQuery
from indexer.elasticsearch import ElasticIndex
from tests.contracts.index.documents import EVERYWHERE, NOW, make_document
from tests.services.elasticsearch import Cluster

PATIENT = 60  # seconds


@pytest.mark.slow
def test_a_restored_snapshot_is_searched_and_written_to_as_before(elasticsearch: Cluster, index: ElasticIndex) -> None:
    index.upsert([make_document(n) for n in range(12)])
    index.refresh()
    name, before = index.home.name, index.search(SearchQuery(fold=False), EVERYWHERE)
    client = index.home.client.options(request_timeout=PATIENT)
    place = {"type": "fs", "settings": {"location": str(elasticsearch.home.resolve() / "snapshots" / name)}}
    client.snapshot.create_repository(name=name, repository=place)
    taken = client.snapshot.create(
        repository=name, snapshot="malam", indices=f"{name}*", include_global_state=True, wait_for_completion=True
    )
    assert taken.body["snapshot"]["state"] == "SUCCESS"

    client.indices.delete(index=list(client.indices.get(index=f"{name}*").body))
    templates = client.indices.get_index_template(name=f"{name}*").body["index_templates"]
    for template in templates:
        client.indices.delete_index_template(name=template["name"])

    restored = client.snapshot.restore(
        repository=name, snapshot="malam", indices=f"{name}*", include_global_state=True, wait_for_completion=True
    )
    assert restored.body["snapshot"]["shards"]["failed"] == 0
    assert index.search(SearchQuery(fold=False), EVERYWHERE).items == before.items
    later = NOW + timedelta(days=40)
    new = make_document(99, published_at=later).model_copy(update={"month": f"{later:%Y-%m}"})
    assert [x.fate for x in index.upsert([new, make_document(3)])] == ["written", "written"]
    index.refresh()
    assert index.search(SearchQuery(fold=False), EVERYWHERE).total == 13
    client.snapshot.delete_repository(name=name)

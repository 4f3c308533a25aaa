"""One empty index on the session's node for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.elasticsearch import ElasticIndex, open_index


@pytest.fixture
def index(elasticsearch_url: str) -> Iterator[ElasticIndex]:
    opened = open_index(elasticsearch_url)
    yield opened
    opened.clear()
    opened.close()

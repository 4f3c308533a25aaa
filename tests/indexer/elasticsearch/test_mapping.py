"""What the index is told of a document covers the document, and nothing depends on modules a node may lack."""

from __future__ import annotations

import json
import re

from hypothesis import given

from domain.documents import PostDocument
from domain.query import fields_of
from domain.search import FACET_FIELDS
from indexer.elasticsearch.layout import body_of, document_of
from indexer.elasticsearch.mapping import mappings, settings
from tests.contracts.index.documents import make_document, place
from tests.contracts.index.meanings import toward
from tests.contracts.index.strategies import documents


def test_every_field_of_a_document_has_a_mapping() -> None:
    held = mappings(()).pop("properties").keys()
    assert PostDocument.model_fields.keys() - {"vector", "addresses", "withdrawn_at"} <= held
    assert {"emb", "emb_model"} <= held  # what a vector becomes


def test_everything_that_is_written_has_a_mapping() -> None:
    document = make_document(1, lat=-8.6, lon=116.1, places=(place("52.01.06.2003"),), ticket="LBR-1", vector=toward(1))
    mapped = mappings(())["properties"]
    body = json.loads(body_of(document))
    assert body.keys() <= mapped.keys()
    assert body["find"].keys() <= mapped["find"]["properties"].keys()


@given(documents())
def test_what_a_field_may_be_asked_for_is_what_the_domain_says(corpus: list[PostDocument]) -> None:
    for document in corpus:
        said = {f"{field}:{value}" for field, values in fields_of(document).items() for value in values}
        written = json.loads(body_of(document))["find"]["is"]
        assert sorted(written) == sorted(said)


def test_every_countable_field_is_a_keyword() -> None:
    assert {mappings(())["properties"][field]["type"] for field in FACET_FIELDS} == {"keyword"}


def test_a_document_comes_back_as_it_went_in() -> None:
    document = make_document(1, "jalan 😀", title="Judul “kutip”", lat=-8.6, lon=116.1, places=(place("52.01.06"),))
    assert document_of(json.loads(body_of(document))) == document


def test_areas_are_found_from_above_and_not_by_their_digits() -> None:
    body = json.loads(body_of(make_document(1, places=(place("52.01.06.2003"), place("52.03.01")))))
    assert body["find"]["areas"] == ["52", "52.01", "52.01.06", "52.01.06.2003", "52.03", "52.03.01"]


def test_what_full_elasticsearch_adds_is_asked_of_nodes_that_have_it_only() -> None:
    bare = json.dumps([settings(()), mappings(())])
    full = json.dumps([settings({"x-pack-ilm"}), mappings({"analysis-common"})])
    assert not re.search("lifecycle|indonesian", bare)
    assert re.search("lifecycle", full)
    assert re.search("indonesian", full)

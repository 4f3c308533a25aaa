"""Searching through the API."""

from __future__ import annotations

import pytest

from tests.api.conftest import Caller
from tests.api.installation import case


def test_a_list_says_total_items_next_and_facets(reads: Caller) -> None:
    page = reads().get("/posts", params={"facets": ["topic", "opd"], "size": 5}).json()
    assert page["total"] == 54
    assert len(page["items"]) == 5
    assert page["next"]
    assert {"value": "jalan.rusak", "count": 14} in page["facets"]["topic"]


def test_paging_by_cursor_leads_through_every_case_once(reads: Caller) -> None:
    client, seen, after = reads(), [], None
    while True:
        page = client.get("/posts", params={"size": 7, "fold": False, **({"after": after} if after else {})}).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]


def test_alike_posts_fold_into_one_hit_with_a_count(reads: Caller) -> None:
    folded = reads().get("/posts", params={"q": "kubangan"}).json()
    assert (folded["total"], folded["stories"], len(folded["items"])) == (2, 1, 1)
    assert folded["items"][0]["story_size"] == 2
    flat = reads().get("/posts", params={"q": "kubangan", "fold": "false"}).json()
    assert len(flat["items"]) == 2


@pytest.mark.parametrize(
    ("params", "keys"),
    [
        ({"topic": "bencana"}, ["longsor"]),
        ({"language": "sas"}, ["sasak"]),
        ({"sentiment": "positif", "intent": "apresiasi"}, ["hotmix"]),
        ({"urgency": "darurat"}, ["longsor"]),
        ({"q": "opd:DUKCAPIL"}, ["tanya"]),
        ({"since": "2026-11-21T06:00:00Z", "until": "2026-11-21T07:00:00Z"}, ["longsor"]),
        ({"kecamatan": "52.01.08", "channel": "whatsapp", "q": "truk"}, ["truk"]),
    ],
)
def test_filters_narrow_the_search(reads: Caller, params: dict[str, str], keys: list[str]) -> None:
    page = reads().get("/posts", params=params).json()
    assert [item["id"] for item in page["items"]] == [case(key) for key in keys]


def test_a_hit_says_which_words_were_found(reads: Caller) -> None:
    hit = reads().get("/posts", params={"q": "longsor"}).json()["items"][0]
    assert [span["text"] for span in hit["highlights"]] == ["Longsor"]


def test_an_unreadable_query_is_refused_with_its_position(reads: Caller) -> None:
    answer = reads().get("/posts", params={"q": "jalan AND OR rusak"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["position"] == 10
    assert answer.json()["type"] == "urn:jaring:problem:query-refused"


@pytest.mark.parametrize(
    "params",
    [{"sentimen": "negatif"}, {"sentiment": "marah"}, {"size": 0}, {"size": 201}, {"since": "kemarin"},
     {"until": "0.5"},
     {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}],
)  # fmt: skip
def test_a_wrong_parameter_is_told_not_ignored(reads: Caller, params: dict[str, str]) -> None:
    answer = reads().get("/posts", params=params)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:jaring:problem:refused"


def test_a_cursor_that_nobody_gave_is_refused(reads: Caller) -> None:
    answer = reads().get("/posts", params={"after": "ngawur"})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_neither_author_nor_contact_nor_masked_data_leaves(reads: Caller) -> None:
    client = reads("admin")
    for path in ("/posts?q=truk", f"/posts/{case('truk')}"):
        text = client.get(path).text
        assert "[telepon]" in text
        assert "081917222333" not in text
        assert '"author"' not in text
        assert "warga-truk" not in text


def test_one_case_comes_with_reading_labels_and_story(reads: Caller) -> None:
    detail = reads().get(f"/posts/{case('kubangan')}").json()
    assert detail["post"]["opd"] == "PUTR"
    assert detail["reading"]["topics"][0]["evidence"][0]["text"] == "Jalan"
    assert [other["id"] for other in detail["story"]] == [case("kubangan-2")]
    assert detail["labels"] == []


def test_trends_count_days_of_the_regions_zone_without_gaps(reads: Caller) -> None:
    series = reads().get("/trends", params={"split": "sentiment"}).json()
    assert series["timezone"] == "Asia/Makassar"
    assert sum(point["count"] for point in series["points"]) == series["total"] == 54
    assert len(series["points"]) in {30, 31}


def test_trends_can_count_stories(reads: Caller) -> None:
    series = reads().get("/trends", params={"q": "kubangan", "distinct_stories": True}).json()
    assert series["total"] == 1


def test_a_trend_of_too_many_bars_is_refused(reads: Caller) -> None:
    answer = reads().get("/trends", params={"interval": "hour", "since": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 422


def test_sources_regions_and_topics_are_listed_in_scope(reads: Caller) -> None:
    client = reads()
    assert {item["key"] for item in client.get("/sources").json()["items"]} == {"info-lobar", "suara-lobar", "aduan-wa"}
    regions = client.get("/regions", params={"areas": True}).json()
    assert [item["slug"] for item in regions["items"]] == ["lombok-barat"]
    assert {"kode": "52.01.08", "name": "Labuapi", "level": "kecamatan", "parent": "52.01"} in regions["items"][0][
        "areas"
    ]
    topics = client.get("/topics").json()
    assert topics["total"] == len(topics["items"])
    assert any(item["code"] == "jalan.rusak" and item["urusan"] == "pupr" for item in topics["items"])

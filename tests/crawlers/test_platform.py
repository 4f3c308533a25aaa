"""What platforms' answers mean for a source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawlers.asking import Answer, KeyRefused, SourceRests
from crawlers.moments import moment
from crawlers.pauses import REST, rests_until, tired
from crawlers.platform import Absent, listed, told
from domain.errors import SourceUnavailable

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("https://api.example.org/x", status, raw, headers or {})


def graph(code: int, status: int = 400, sub: int | None = None, message: str = "keterangan") -> Answer:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return answer({"error": error | ({"error_subcode": sub} if sub else {})}, status)


def google(status: int, reason: str) -> Answer:
    return answer({"error": {"code": status, "message": "keterangan", "errors": [{"reason": reason}]}}, status)


def problem(status: int, kind: str) -> Answer:
    return answer({"title": "Judul", "detail": "keterangan", "type": f"https://api.x.com/2/problems/{kind}"}, status)


def fate(said: Answer) -> Exception | None:
    try:
        told(said, platform="Uji", now=NOW)
    except Exception as cause:  # noqa: BLE001  which one it is, is the question
        return cause
    return None


def test_a_success_is_its_json() -> None:
    assert told(answer({"data": [1]}), platform="Uji", now=NOW) == {"data": [1]}


@pytest.mark.parametrize("body", [b"<html>Masuk</html>", b'{"data": [', b"[]", b"7", b""], ids=str)
def test_what_is_no_json_object_is_a_failure(body: bytes) -> None:
    assert type(fate(answer(body))) is SourceUnavailable


@pytest.mark.parametrize(
    "said",
    [
        graph(190), graph(190, sub=463), graph(102), graph(10, 403), graph(200, 403), graph(294), graph(3),
        google(400, "keyInvalid"), google(403, "accessNotConfigured"), google(401, "authError"),
        problem(401, "about:blank"), problem(403, "client-forbidden"), problem(402, "credits"),
        answer(b"Unauthorized", 401), answer(b"", 403), graph(190, 200),
    ],
)  # fmt: skip
def test_a_refused_key_waits_for_a_person(said: Answer) -> None:
    assert type(fate(said)) is KeyRefused


@pytest.mark.parametrize(
    "said",
    [
        graph(4, 403), graph(17), graph(32), graph(613), graph(341), graph(368), graph(80_002), graph(4, 200),
        google(403, "quotaExceeded"), google(403, "rateLimitExceeded"), google(429, "rateLimitExceeded"),
        problem(429, "usage-capped"), problem(429, "about:blank"), answer(b"", 429),
    ],
)  # fmt: skip
def test_too_many_questions_are_a_pause_and_no_matter_of_the_key(said: Answer) -> None:
    cause = fate(said)
    assert isinstance(cause, SourceRests)
    assert cause.until == NOW + REST


@pytest.mark.parametrize("said", [graph(100, sub=33), google(404, "videoNotFound"), google(403, "commentsDisabled")])
def test_what_is_not_there_is_told_apart(said: Answer) -> None:
    assert isinstance(fate(said), Absent)


@pytest.mark.parametrize(
    "said", [graph(1), graph(2, 500), graph(100), answer(b"", 502), answer({}, 503), problem(400, "x")]
)
def test_everything_else_may_pass(said: Answer) -> None:
    assert type(fate(said)) is SourceUnavailable


def test_a_key_that_the_platform_repeats_is_not_repeated_by_us() -> None:
    key = "EAAB" + "x7Q" * 40
    assert key not in str(fate(graph(190, message=f"Malformed access token {key}")))
    assert key[:20] not in str(fate(graph(190, message=f"Malformed access token {key}")))


def reset_in(wait: timedelta, *, clock: timedelta = timedelta(0)) -> Answer:
    theirs = NOW + clock
    headers = {"x-rate-limit-reset": str(int((theirs + wait).timestamp())), "date": format_datetime(theirs)}
    return answer({}, 429, headers)


def test_a_pause_lasts_as_long_as_the_platform_says() -> None:
    assert rests_until(reset_in(timedelta(minutes=9)), NOW) == NOW + timedelta(minutes=9)
    assert rests_until(answer({}, 429, {"retry-after": "3600"}), NOW) == NOW + timedelta(hours=1)
    later = {"retry-after": format_datetime(NOW + timedelta(minutes=7))}
    assert rests_until(answer({}, 429, later), NOW) == NOW + timedelta(minutes=7)
    usage = {"123": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 34}]}
    regain = {"x-business-use-case-usage": json.dumps(usage)}
    assert rests_until(answer({}, 400, regain), NOW) == NOW + timedelta(minutes=34)


@pytest.mark.parametrize("clock", [timedelta(hours=-7), timedelta(days=400)])
def test_a_clock_that_is_off_does_not_lengthen_the_pause(clock: timedelta) -> None:
    assert rests_until(reset_in(timedelta(minutes=9), clock=clock), NOW) == NOW + timedelta(minutes=9)


@pytest.mark.parametrize("value", ["-1", "abc", "", "99999999999999999999", "1"])
def test_a_senseless_reset_is_a_bounded_pause(value: str) -> None:
    until = rests_until(answer({}, 429, {"x-rate-limit-reset": value}), NOW)
    assert NOW < until <= NOW + timedelta(days=32)


def test_a_platform_that_tires_is_left_alone_before_it_refuses() -> None:
    assert tired(answer({}, 200, {"x-app-usage": '{"call_count":28,"total_time":25,"total_cputime":25}'}), NOW) is None
    assert tired(answer({}, 200, {"x-app-usage": '{"call_count":95,"total_time":2}'}), NOW) == NOW + REST
    usage = json.dumps({"9": [{"call_count": 12, "total_time": 91, "estimated_time_to_regain_access": 5}]})
    assert tired(answer({}, 200, {"x-business-use-case-usage": usage}), NOW) == NOW + timedelta(minutes=5)
    assert tired(answer({}, 200, {"x-app-usage": "rusak", "x-business-use-case-usage": "[1]"}), NOW) is None


def test_moments_are_read_as_platforms_write_them() -> None:
    for said in ("2026-11-20T04:00:00+0000", "2026-11-20T04:00:00.000Z", "2026-11-20T12:00:00+08:00", NOW.timestamp()):
        assert moment(said) == NOW
    assert moment(str(int(NOW.timestamp()))) == NOW
    for said in ("", "kemarin", None, True, "2026-11-20T04:00:00", 1e30, {}):
        assert moment(said) is None


def test_a_list_is_a_list_or_none() -> None:
    assert listed({"data": [1]}, "Uji") == [1]
    assert listed({}, "Uji") == []
    with pytest.raises(SourceUnavailable):
        listed({"data": {"a": 1}}, "Uji")

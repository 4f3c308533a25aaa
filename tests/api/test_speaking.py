"""How pages speak: numbers, dates, texts with masks, and a catalogue that is in step."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

import api.contexts
from api.asked import PAGE_FIELDS, PERIODS, Asked, read_asked
from api.exports import harmless
from api.names import MASKS
from api.pages.login import own_address
from api.pieces import cut, excerpt
from api.preferences import CHOICES
from api.speech import speech
from domain.reading import Span
from domain.search import Order

WITA = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 21, 6, 32, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def test_numbers_and_dates_are_written_as_in_indonesia() -> None:
    says = speech("id")
    assert says.number(1284) == "1.284"
    assert says.share(0.94) == "0,94"
    assert says.moment(NOW, WITA) == "21 Nov 2026 14.32 WITA"
    assert says.moment(NOW, ZoneInfo("Asia/Jakarta")) == "21 Nov 2026 13.32 WIB"
    assert speech("en").moment(NOW, WITA) == "21 Nov 2026 14:32 WITA"


def test_only_what_is_certain_is_shown_as_certain() -> None:
    assert speech("id").share(0.999) == "0,99"
    assert speech("id").share(1) == "1,00"


@pytest.mark.parametrize(
    ("passed", "words"),
    [(timedelta(seconds=9), "baru saja"), (timedelta(minutes=7), "7 menit lalu"), (timedelta(hours=2), "2 jam lalu"),
     (timedelta(hours=21), "kemarin 17.32"), (timedelta(days=5), "16 Nov 14.32"), (timedelta(days=400), "17 Okt 2025")],
)  # fmt: skip
def test_how_long_ago_is_said_as_people_say_it(passed: timedelta, words: str) -> None:
    assert speech("id").ago(NOW - passed, NOW, WITA) == words


def test_the_english_catalogue_is_whole_and_compiled() -> None:
    done = subprocess.run(
        [sys.executable, "tools/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_context_is_frozen_and_says_what_it_is() -> None:
    modules = [importlib.import_module(f"api.contexts.{m.name}") for m in pkgutil.iter_modules(api.contexts.__path__)]
    classes = {c for m in modules for _, c in inspect.getmembers(m, inspect.isclass)}
    contexts = {c for c in classes if dataclasses.is_dataclass(c)}
    assert len(contexts) > 20
    for context in contexts:
        assert getattr(context, "__dataclass_params__").frozen, context  # noqa: B009  typeshed does not know it
        assert context.__doc__, context
        assert not context.__doc__.startswith(f"{context.__name__}("), context


def test_a_mask_keeps_nothing_and_a_span_across_it_is_split() -> None:
    text = "hub [telepon] segera"
    pieces = cut(text, speech("id"), found=[Span(start=0, end=len(text), text=text)])
    assert [(p.text, p.mask) for p in pieces] == [("hub ", ""), ("", "nomor telepon"), (" segera", "")]


words = st.text(alphabet="ab \n[]é😀", max_size=30)


@given(st.lists(st.one_of(words, st.sampled_from([f"[{m}]" for m in MASKS])), max_size=30), st.data())
def test_pieces_hold_the_text_and_nothing_that_is_masked(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    spans = [
        Span(start=a, end=b, text=text[a:b])
        for a, b in data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
        if a < b
    ]
    says = {f"[{mask}]": speech("id").say(word) for mask, word in MASKS.items()}
    back = {word: mask for mask, word in says.items()}
    assert "".join(back.get(p.mask, "") or p.text for p in cut(text, speech("id"), found=spans)) == text
    shown = excerpt(text, speech("id"), at=0, found=spans, limit=40)
    assert not any(mask in p.text for p in shown for mask in says)


values = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
)
searches = st.builds(
    Asked,
    q=values,
    days=st.sampled_from(PERIODS),
    values=st.dictionaries(
        st.sampled_from(PAGE_FIELDS), st.lists(values, min_size=1, max_size=3, unique=True).map(tuple)
    ),
    oversight=st.booleans(),
    order=st.sampled_from((None, Order.BEST)),  # an address does not say what is usual
    fold=st.booleans(),
    after=st.none() | values,
    pick=st.none() | values,
)


@given(searches)
def test_an_address_reads_back_as_the_search_it_was_written_for(asked: Asked) -> None:
    assert read_asked(QueryParams(asked.href().partition("?")[2])) == asked


def test_no_parameter_of_a_search_is_taken_for_a_preference() -> None:
    assert not set(CHOICES) & {*PAGE_FIELDS, "q", "hari", "dari", "sampai", "urut", "lipat", "setelah", "pilih"}


@given(st.text(max_size=30))
def test_a_way_back_stays_on_this_site(path: str) -> None:
    where = own_address(path)
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


@pytest.mark.parametrize("cell", ["=1+1", "+62", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_no_formula_hides_behind_what_a_spreadsheet_may_take_for_the_next_cell() -> None:
    assert harmless("jalan rusak;=1+1\n@x\t-2\r\n+3") == "jalan rusak;'=1+1\n'@x\t'-2\r\n'+3"
    assert harmless("\uff1d1+1") == "'\uff1d1+1"
    assert harmless("2-3 hari; belum = selesai (a@b)") == "2-3 hari; belum = selesai (a@b)"
    assert harmless(-8.6) == -8.6

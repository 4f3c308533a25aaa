"""The code that a reporter keeps: read out, typed badly, and never taken for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.receipts import ALPHABET, RANDOM, read_receipt, receipt

LETTERS = st.text(ALPHABET, min_size=RANDOM, max_size=RANDOM)
PREFIXES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=4)


@given(PREFIXES, LETTERS)
def test_a_code_is_read_however_it_is_written(prefix: str, letters: str) -> None:
    code = receipt(prefix, letters)
    assert len(code) == len(prefix) + 10
    badly = code.lower().replace("-", " ")
    assert read_receipt(code) == read_receipt(f"  {badly} ") == read_receipt(code.replace("-", "")) == code
    body = code[len(prefix) :].replace("0", "O").replace("1", "l")
    assert read_receipt(prefix + body) == code


@given(LETTERS, st.integers(0, RANDOM), st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_noticed(letters: str, place: int, other: str) -> None:
    body = receipt("LB", letters).replace("-", "")[2:]
    wrong = body[:place] + other + body[place + 1 :]
    assert (read_receipt("LB" + wrong) is None) == (wrong != body)


@given(LETTERS, st.integers(0, RANDOM - 1))
def test_neighbours_changed_about_are_noticed(letters: str, place: int) -> None:
    body = receipt("LB", letters).replace("-", "")[2:]
    one, two = body[place], body[place + 1]
    wrong = body[:place] + two + one + body[place + 2 :]
    if wrong != body and {one, two} != {ALPHABET[0], ALPHABET[-1]}:  # the one pair that Luhn's sum does not tell apart
        assert read_receipt("LB" + wrong) is None


@pytest.mark.parametrize(
    "written", ["", "LB", "LB-1234-567", "L-7K2M-9QXD", "lombok-barat", "1234-5678", "LB-7K2M-9QX\u00e9"]
)
def test_what_is_no_code_is_none(written: str) -> None:
    assert read_receipt(written) is None

"""The figures of the log-likelihood ratio, against those of an independent program (SciPy's chi2_contingency)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.keenness import log_likelihood


@pytest.mark.parametrize(
    ("counts", "expected"), [((6, 8, 1, 7), 5.98873), ((9, 100, 2, 200), 11.41298), ((5, 10, 0, 10), 8.63046)]
)
def test_known_values(counts: tuple[int, int, int, int], expected: float) -> None:
    assert log_likelihood(*counts) == pytest.approx(expected, abs=1e-4)


@given(st.integers(0, 50), st.integers(1, 50))
def test_equal_shares_say_nothing(now: int, more: int) -> None:
    assert log_likelihood(now, now + more, 2 * now, 2 * (now + more)) == pytest.approx(0, abs=1e-9)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_any_counts_have_a_score(now: int, other: int, before: int, other_before: int) -> None:
    assert log_likelihood(now, now + other, before, before + other_before) >= -1e-9

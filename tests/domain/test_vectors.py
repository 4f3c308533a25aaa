from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vectors import DIMENSIONS, Vector


def random(seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).normal(size=DIMENSIONS)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_bytes_keep_the_cosine_of_two_vectors(one: int, other: int) -> None:
    a, b = random(one), random(other)
    exact = float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    assert Vector.of(a, "m").cosine(Vector.of(b, "m")) == pytest.approx(exact, abs=0.01)


def test_a_vector_survives_json() -> None:
    vector = Vector.of(random(1), "m")
    assert Vector.model_validate_json(vector.model_dump_json()) == vector


def test_vectors_of_two_models_are_never_compared() -> None:
    with pytest.raises(ValueError, match="compared"):
        Vector.of(random(1), "a").cosine(Vector.of(random(1), "b"))


@pytest.mark.parametrize("fault", [0.0, float("nan")])
def test_a_vector_that_points_nowhere_is_refused(fault: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Vector.of([fault] * DIMENSIONS, "m")

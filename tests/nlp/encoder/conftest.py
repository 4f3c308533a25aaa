from __future__ import annotations

from pathlib import Path

import pytest

from nlp.encoder.encoder import Encoder
from tests.nlp.encoder import tiny


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of weights with the tiny encoder and a plan."""
    return tiny.make(tmp_path_factory.mktemp("bobot"))


@pytest.fixture(scope="session")
def encoder(weights: Path) -> Encoder:
    return Encoder.load(weights / "encoder")

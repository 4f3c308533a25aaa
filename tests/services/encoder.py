"""The trained encoder of the package, for tests that ask how it does and not only how it is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nlp.encoder.encoder import MODEL, SHIPPED
from nlp.encoder.plan import PLAN


def shipped() -> Path:
    """The folder of weights with encoder and plan. Skips, or fails when required, where they are not there."""
    weights = SHIPPED.parent
    if (SHIPPED / MODEL).is_file() and (weights / PLAN).is_file():
        return weights
    if "encoder" in os.environ.get("REQUIRE_BACKENDS", "").split(","):
        pytest.fail(f"REQUIRE_BACKENDS names the encoder, but {weights} lacks encoder/{MODEL} or {PLAN}")
    pytest.skip("the trained encoder is not at hand (nlp/weights/encoder, cascade.toml)")

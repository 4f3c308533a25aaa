"""What a checkpoint's labels mean here; running one needs torch, and stands in tests/train."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from domain.errors import CatalogueError
from nlp.backends.transformers import TransformersDecider, labels_of
from nlp.deciders import Task


def test_labels_are_ours_by_name_by_usual_english_or_as_written() -> None:
    assert labels_of(Task.SENTIMENT, "m", ["Positive", "neu", "negatif"], {}) == {
        "Positive": "positif", "neu": "netral", "negatif": "negatif",
    }  # fmt: skip
    assert labels_of(Task.INTENT, "m", ["LABEL_0"], {"LABEL_0": "pengaduan"}) == {"LABEL_0": "pengaduan"}
    assert labels_of(Task.TOPIC, "m", ["jalan.rusak"], {}) == {"jalan.rusak": "jalan.rusak"}


def test_a_label_without_meaning_is_told_with_the_line_to_write() -> None:
    with pytest.raises(CatalogueError, match=r"LABEL_0, which is no sentiment here.*\[backends.sentiment\] labels"):
        labels_of(Task.SENTIMENT, "m", ["LABEL_0", "positive"], {})


@pytest.mark.skipif(find_spec("transformers") is not None, reason="transformers is installed here")
def test_without_the_extra_the_pip_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"pip install 'jaring\[transformers\]'"):
        TransformersDecider.load(Task.SENTIMENT, str(tmp_path), {})

"""What the index stores is what the tokens say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.text.tokens import exact_stream, stem_stream, streams, tokenize, word_forms, word_spans


@given(st.text() | st.text(alphabet="ajlnr [telpon]'́é😀,.A1"))
def test_streams_are_those_of_the_tokens(text: str) -> None:
    tokens = tokenize(text)
    assert streams(text) == (exact_stream(tokens), stem_stream(tokens), len(tokens))
    assert word_forms(text) == [(t.exact, t.stem) for t in tokens]
    assert word_spans(text) == [(t.start, t.end) for t in tokens]

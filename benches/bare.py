"""The same network as a `transformers` pipeline of floats, as one would run it without Jaring."""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.util import find_spec
from math import nan
from pathlib import Path

from benches.figures import Figure
from benches.gemm import layers_of
from nlp.encoder.encoder import MODEL, TOKENIZER

NAME = "pipeline transformers polos, bentuk yang sama"
POSTS = 64  # it is slow
BATCH = 16


def bare_transformers(folder: Path, words: Sequence[str], ours: float, cores: int) -> Figure:
    """Measure a network of a folder's encoder's shape, random weights; not measured where the extra is not there."""
    if find_spec("transformers") is None or find_spec("torch") is None:
        return Figure(
            NAME, nan, "kiriman/dtk", None, None, "tidak terpasang: pip install 'jaring[transformers]'", met=True
        )
    import torch  # noqa: PLC0415  an extra
    from tokenizers import Tokenizer  # noqa: PLC0415  as above
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, pipeline  # noqa: PLC0415  as above

    torch.set_num_threads(1)
    pieces = Tokenizer.from_file(str(folder / TOKENIZER))
    shape = BertConfig(
        vocab_size=pieces.get_vocab_size(), hidden_size=384, num_hidden_layers=layers_of(folder / MODEL),
        num_attention_heads=12, intermediate_size=1536,
    )  # fmt: skip
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=pieces, pad_token="<pad>", model_max_length=128)  # noqa: S106
    reads = pipeline("feature-extraction", model=BertModel(shape), tokenizer=tokenizer, batch_size=BATCH)
    some = [f"passage: {text}" for text in words[:POSTS]]
    reads(some[:BATCH])
    began = time.process_time()
    reads(some)
    rate = cores * len(some) / (time.process_time() - began)
    return Figure(NAME, rate, "kiriman/dtk", ours, rate / ours, "lebih lambat dari membaca best", rate <= ours)

"""Write a trained network as int8 ONNX with its tokenizer: what `nlp.encoder` reads."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlp.train.encoder.network import Network

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
_OPSET = 17


class _Flat(nn.Module):
    """The network with its answers in one row, as a graph gives them."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        told = self.network(input_ids, attention_mask)
        return (told.vector, *told.logits.values())


def export(network: Network, tokenizer: Tokenizer, folder: Path) -> int:
    """Write model and tokenizer; weights become one byte each, a scale per channel. Returns the model's bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    flat = _Flat(network).eval()
    example = (torch.ones((2, 8), dtype=torch.int64), torch.ones((2, 8), dtype=torch.int64))
    axes = {0: "posts", 1: "pieces"}
    outputs = ["vector", *(f"logits_{task}" for task in network.labels)]
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(place) / "plain.onnx"
        torch.onnx.export(
            flat,
            example,
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=outputs,
            dynamic_axes={"input_ids": axes, "attention_mask": axes} | {name: {0: "posts"} for name in outputs},
            opset_version=_OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            str(plain), str(folder / MODEL), weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )  # fmt: skip
    tokenizer.save(str(folder / TOKENIZER))
    return (folder / MODEL).stat().st_size

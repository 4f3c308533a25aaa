"""Read back an encoder that `export` wrote: its bytes as floats again, by the network's own names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor

from domain.errors import SettingsError
from nlp.encoder.card import CARD, read_card
from nlp.train.encoder.export import MODEL, TOKENIZER
from nlp.train.encoder.network import Shape

_OURS = "network."
_QUANTISED, _SCALE, _ZERO = "_quantized", "_scale", "_zero_point"
_HEADS, _EPS = 12, 1e-12  # of every base of this kind; a graph does not tell them by name

Arrays = Mapping[str, np.ndarray]


def is_exported(folder: Path) -> bool:
    """Whether a folder holds an encoder that was trained here, not a checkpoint of a hub."""
    return (folder / CARD).is_file() and (folder / MODEL).is_file()


def read_exported(folder: Path) -> tuple[Shape, dict[str, Tensor], Tokenizer, dict[str, tuple[str, ...]]]:
    """Return sizes, weights with heads, tokenizer, and the labels of each head.

    Raises:
        SettingsError: the graph is not one that `export` wrote.
    """
    graph = onnx.load(str(folder / MODEL)).graph
    arrays = {x.name: numpy_helper.to_array(x) for x in graph.initializer}
    state = {name: torch.from_numpy(np.array(values)) for name, values in _weights(graph, arrays)}
    try:
        pieces, hidden = state["words.weight"].shape
        shape = Shape(
            pieces,
            hidden,
            _count(state),
            _HEADS,
            len(state["layers.0.wide.bias"]),
            len(state["places.weight"]),
            2,
            _EPS,
        )
    except KeyError as cause:
        raise SettingsError(f"--base {folder}: no encoder that this training exported, {cause} is missing") from cause
    card = read_card(folder)
    labels = {task.value: head.labels for task, head in card.heads.items()}
    return shape, state, Tokenizer.from_file(str(folder / TOKENIZER)), labels


def _weights(graph: onnx.GraphProto, arrays: Arrays) -> Iterator[tuple[str, np.ndarray]]:
    for name, values in arrays.items():
        if name.startswith(_OURS) and not name.endswith((_QUANTISED, _SCALE, _ZERO)):
            yield name.removeprefix(_OURS), values
        elif name.startswith(_OURS) and name.endswith(_QUANTISED) and name.startswith(f"{_OURS}words."):
            yield name.removeprefix(_OURS).removesuffix(_QUANTISED), _floats(arrays, name)
    followers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for given in node.input:
            followers.setdefault(given, []).append(node)
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in arrays:
            bias = _bias(node, followers, arrays)
            yield f"{bias.removeprefix(_OURS).removesuffix('.bias')}.weight", _floats(arrays, node.input[1]).T


def _bias(node: onnx.NodeProto, followers: Mapping[str, list[onnx.NodeProto]], arrays: Arrays) -> str:
    """The bias that is added to a product: the exporter names it as the network does, its weights only sometimes."""
    while node.op_type != "Add":
        (node,) = followers[node.output[0]]
    (found,) = (str(name) for name in node.input if name in arrays)
    return found


def _floats(arrays: Arrays, name: str) -> np.ndarray:
    """Numbers out of bytes: (byte - zero) x scale, a scale per column or one for all."""
    plain = name.removesuffix(_QUANTISED)
    zero, scale = arrays[plain + _ZERO].astype(np.float32), arrays[plain + _SCALE]
    return np.asarray((arrays[name].astype(np.float32) - zero) * scale, np.float32)


def _count(state: Mapping[str, Tensor]) -> int:
    return len({name.split(".")[1] for name in state if name.startswith("layers.")})

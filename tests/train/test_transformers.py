"""A Hugging Face checkpoint in a task's seat. The checkpoint is made here: small, random, saved as any other is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from domain.errors import CatalogueError
from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.text.tokens import tokenize
from nlp.backends.transformers import TransformersDecider
from nlp.deciders import Heard, Task
from nlp.linear.decider import load_decider
from nlp.pipeline import Choices, Mode, build_reader
from tests.nlp.encoder import tiny

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "jalan", "rusak", "terima", "kasih", "senang", "kecewa"]
STRANGE = ["", "😡😡🙏", "[nik] [telepon]", "jalan rusak " * 4_000]


def make(folder: Path, labels: list[str]) -> Path:
    torch.manual_seed(1)
    shape = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, id2label=dict(enumerate(labels)), label2id={x: n for n, x in enumerate(labels)},
    )  # fmt: skip
    network = BertForSequenceClassification(shape)
    with torch.no_grad():
        network.classifier.weight.mul_(20)
    network.save_pretrained(folder)
    words = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    PreTrainedTokenizerFast(
        tokenizer_object=words, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=64,
    ).save_pretrained(folder)  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("model") / "perasaan", ["negative", "neutral", "positive"])


@pytest.fixture(scope="module")
def decider(checkpoint: Path) -> TransformersDecider:
    return TransformersDecider.load(Task.SENTIMENT, str(checkpoint), {})


def heard(words: str) -> Heard:
    return Heard(words, tokenize(words))


@pytest.mark.parametrize("words", STRANGE)
def test_any_text_is_ranked(decider: TransformersDecider, words: str) -> None:
    (answer,) = decider.decide([heard(words)])
    assert set(answer) == decider.tasks == {Task.SENTIMENT}
    ranking = answer[Task.SENTIMENT]
    assert {x.label for x in ranking.answers} == {"negatif", "netral", "positif"}
    assert [x.p for x in ranking.answers] == sorted((x.p for x in ranking.answers), reverse=True)
    assert sum(x.p for x in ranking.answers) == pytest.approx(1, abs=1e-4)


def test_posts_are_answered_in_order_and_alone_as_in_company(decider: TransformersDecider) -> None:
    posts = [heard(f"{WORDS[4 + n % 6]} {'kata ' * (n % 7)}") for n in range(40)]
    together = decider.decide(posts)
    assert len({x[Task.SENTIMENT].best.p for x in together}) > 5
    for post, answer in zip(posts, together, strict=True):
        (alone,) = decider.decide([post])
        assert alone[Task.SENTIMENT].best.p == pytest.approx(answer[Task.SENTIMENT].best.p, abs=1e-4)
    assert list(decider.decide([])) == []


def test_it_answers_as_the_network_itself_does(decider: TransformersDecider, checkpoint: Path) -> None:
    network = BertForSequenceClassification.from_pretrained(checkpoint).eval()
    with torch.no_grad():
        shares = network(torch.tensor([[4, 5]])).logits.softmax(1)[0].tolist()
    (answer,) = decider.decide([heard("jalan rusak")])
    said = {x.label: x.p for x in answer[Task.SENTIMENT].answers}
    assert [said[x] for x in ("negatif", "netral", "positif")] == pytest.approx(shares, abs=1e-5)


def test_one_line_of_a_sites_pipeline_seats_it(checkpoint: Path, tmp_path: Path) -> None:
    site = tmp_path / "pipeline.toml"
    site.write_text(f'[backends]\nsentiment = "transformers:{checkpoint}"\n', encoding="utf-8")
    now = datetime(2026, 11, 20, tzinfo=UTC)
    post = RawPost(
        id="1" * 26, namespace="uji", native_id="1", source="uji", channel=Channel.FORM, text="jalan rusak",
        published_at=now, date_trust=DateTrust.EXACT, fetched_at=now,
    )  # fmt: skip
    choices = Choices(mode=Mode.CASCADE, site=site, weights=tiny.make(tmp_path / "bobot"))
    (reading,) = build_reader({}, choices).read([post])
    assert reading.decided_by["sentiment"] == "transformers:perasaan"
    assert reading.decided_by["intent"].startswith(load_decider().name)


def test_labels_without_a_name_are_mapped_in_the_same_table(tmp_path: Path) -> None:
    folder = make(tmp_path / "tanpa-nama", ["LABEL_0", "LABEL_1"])
    with pytest.raises(CatalogueError, match="LABEL_0, LABEL_1"):
        TransformersDecider.load(Task.SENTIMENT, str(folder), {})
    decider = TransformersDecider.load(Task.SENTIMENT, str(folder), {"LABEL_0": "negatif", "LABEL_1": "positif"})
    (answer,) = decider.decide([heard("jalan")])
    assert {x.label for x in answer[Task.SENTIMENT].answers} == {"negatif", "positif"}


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be loaded"):
        TransformersDecider.load(Task.SENTIMENT, str(tmp_path), {})

"""The training itself: the same seed, data and threads give the same weights; killed and started again, it goes on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from nlp.eval.metrics import accuracy, macro_f1
from nlp.train.encoder.batches import Batch, Numbers, batches
from nlp.train.encoder.lessons import Course, Lesson
from nlp.train.encoder.network import Network, Told

Vectors = Mapping[int, Numbers]
Scores = Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is learnt. The defaults are what the shipped model was made with; docs/nlp.md has what others gave."""

    epochs: float = 3.0
    rate: float = 1e-4  # of the base's weights, at its highest
    head_rate: float = 1e-3
    warm: float = 0.06  # share of the steps in which the rate rises; then it falls to nothing
    smoothing: float = 0.05  # of labels
    decay: float = 0.01
    geometry: float = 10.0  # weight of staying where the base put a text: 1 - cosine
    soft: float = 0.0  # weight of agreeing with a teacher's scores, where there is one
    heat: float = 2.0  # temperature at which pupil and teacher are compared: what else a text might be about counts
    frozen: bool = False  # the words' embeddings stay as they are: half of the weights, and a teacher's are good
    # Also hold texts apart as the teacher does: 1 - cosine after the mean place is taken off both. Places of this base
    # crowd in a narrow cone, and what tells two texts apart is little beside what all have in common.
    centred: bool = False
    balance: float = 0.5  # power of a label's rarity in its weight: 0 none, 1 all labels alike
    clip: float = 1.0
    r_drop: float = 0.0  # weight of two passes agreeing; above 0 each step costs twice
    adversarial: float = 0.0  # length of the push of the embeddings; above 0 each step costs twice
    seed: int = 20_260_101


# Of a pupil, which starts from half of a trained network: heads that know their task need no haste.
PUPIL = Recipe(epochs=2.0, rate=1.5e-4, head_rate=5e-4, warm=0.04, soft=2.0, frozen=True, centred=True)

# What a task counts in the sum: those that people see and correct most count most.
TASKS: Mapping[str, float] = {
    "intent": 1.0, "topic": 1.0, "sentiment": 1.0, "urgency": 0.5, "oversight": 0.5, "abuse": 0.3, "stance": 0.4,
    "city": 0.8,
}  # fmt: skip
SAVE_EVERY = 200  # steps between checkpoints: a few minutes of one core
_EVEN = 64.0  # examples of a task seen in a step on which its loss is made even, see `_loss`


class Training:
    """A network on its way, with its optimiser and place in the course. `folder` keeps the checkpoint."""

    def __init__(self, network: Network, course: Course, tokenizer: Tokenizer, recipe: Recipe, folder: Path) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = network.to(self.device)
        self._course = course
        self._tokenizer = tokenizer
        self._recipe = recipe
        self._file = folder / "checkpoint.pt"
        self._rarity = {task: _weights(course, task, recipe.balance).to(self.device) for task in course.labels}
        network.words.weight.requires_grad_(not recipe.frozen)
        heads = [p for name, p in network.named_parameters() if name.startswith("heads.")]
        body = [p for name, p in network.named_parameters() if not name.startswith("heads.") and p.requires_grad]
        self._optimiser = torch.optim.AdamW(
            [{"params": body, "lr": recipe.rate}, {"params": heads, "lr": recipe.head_rate}],
            weight_decay=recipe.decay,
            fused=True,
        )
        self.steps_per_epoch = sum(1 for _ in self._batches(0, None))
        self.steps = math.ceil(recipe.epochs * self.steps_per_epoch)
        self.done = 0
        self._middle: Tensor | None = None
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimiser, self._share)

    def _share(self, step: int) -> float:
        """The share of the highest rate at a step."""
        warm = max(1, round(self._recipe.warm * self.steps))
        return min((step + 1) / warm, max(0.0, (self.steps - step) / max(1, self.steps - warm)))

    def resume(self) -> bool:
        """Go on where a killed run left off; tells whether there was one, of the same recipe and course."""
        if not self._file.is_file():
            return False
        kept = torch.load(self._file, weights_only=True, map_location=self.device)
        if kept["made"] != self._made():
            return False
        self.network.load_state_dict(kept["network"])
        self._optimiser.load_state_dict(kept["optimiser"])
        self._schedule.load_state_dict(kept["schedule"])
        self.done = int(kept["done"])
        return True

    def save(self) -> None:
        """Write the checkpoint; a kill between leaves the one before."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        kept = {
            "made": self._made(), "network": self.network.state_dict(), "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(), "done": self.done,
        }  # fmt: skip
        torch.save(kept, fresh)
        fresh.replace(self._file)

    def _made(self) -> dict[str, object]:
        return {**asdict(self._recipe), "texts": len(self._course.learn), "steps": self.steps}

    def run(self, teacher: Vectors, scores: Scores | None = None, *, step_done: Callable[[int, float], None]) -> None:
        """Learn to the end. `step_done` is told each step's number and loss."""
        self._middle = _middle(teacher).to(self.device) if teacher and self._recipe.centred else None
        self.network.train()
        for batch in self._stream(teacher, scores or {}):
            torch.manual_seed(self._recipe.seed + self.done)
            loss = self._step(batch.to(self.device))
            self.done += 1
            if self.done % SAVE_EVERY == 0:
                self.save()
            step_done(self.done, loss)
        self.save()

    def _batches(self, epoch: int, teacher: Vectors | None, scores: Scores | None = None) -> Iterator[Batch]:
        seed = self._recipe.seed + epoch
        course = self._course
        return batches(course.learn, self._tokenizer, course.labels, seed=seed, teacher=teacher, scores=scores)

    def _stream(self, teacher: Vectors, scores: Scores) -> Iterator[Batch]:
        while self.done < self.steps:
            epoch, into = self._place()
            fresh = islice(self._batches(epoch, teacher, scores), into, None)
            left = self.steps - self.done
            yield from islice(fresh, left)

    def _place(self) -> tuple[int, int]:
        """Which epoch the next step is of, and how many of its steps are done. Epochs differ a little in length."""
        epoch, left = 0, self.done
        while True:
            length = self.steps_per_epoch if epoch == 0 else sum(1 for _ in self._batches(epoch, None))
            if left < length:
                return epoch, left
            epoch, left = epoch + 1, left - length

    def _step(self, batch: Batch) -> float:
        recipe = self._recipe
        told = self.network(batch.input_ids, batch.attention_mask)
        loss = self._loss(told, batch)
        if recipe.r_drop:
            again = self.network(batch.input_ids, batch.attention_mask)
            loss = (loss + self._loss(again, batch)) / 2 + recipe.r_drop * _apart(told, again)
        loss.backward()
        if recipe.adversarial:
            self._push(batch)
        nn.utils.clip_grad_norm_(self.network.parameters(), recipe.clip)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self._schedule.step()
        return float(loss.detach())

    def _push(self, batch: Batch) -> None:
        """Learn once more with the embeddings pushed where they hurt most (fast gradient method)."""
        words = self.network.words.weight
        assert words.grad is not None  # noqa: S101  backward ran
        push = self._recipe.adversarial * words.grad / (words.grad.norm() + 1e-12)
        with torch.no_grad():
            words.add_(push)
        self._loss(self.network(batch.input_ids, batch.attention_mask), batch).backward()
        with torch.no_grad():
            words.sub_(push)

    def _loss(self, told: Told, batch: Batch) -> Tensor:
        loss = told.vector.sum() * 0.0  # a batch that tells nothing has a gradient, too: none
        for task, logits in told.logits.items():
            labels = batch.labels[task]
            known = labels >= 0
            if not known.any():
                continue
            each = functional.cross_entropy(
                logits[known], labels[known], weight=self._rarity[task], reduction="none",
                label_smoothing=self._recipe.smoothing,
            )  # fmt: skip
            # A sum over a fixed number, not a mean over those who tell: a lone text of a rare task must not weigh
            # as much as a batch full of a common one.
            share = (each * batch.counts[task][known]).sum() / math.sqrt(_EVEN * max(1, int(known.sum())))
            loss = loss + TASKS.get(task, 1.0) * share
        for task, scores in batch.scores.items():
            heard = believed(scores, batch.labels[task])
            if heard.any():
                apart = _disagreement(told.logits[task][heard], scores[heard], self._recipe.heat)
                loss = loss + self._recipe.soft * TASKS.get(task, 1.0) * apart
        if batch.teacher is not None and batch.taught is not None:
            here = told.vector[batch.taught]
            off = (1 - (here * batch.teacher).sum(1)).mean()
            if self._middle is not None:
                middle = self._middle
                off = off + (1 - functional.cosine_similarity(here - middle, batch.teacher - middle)).mean()
            loss = loss + self._recipe.geometry * off
        return loss

    def check(self) -> dict[str, tuple[float, float]]:
        """Accuracy and macro-F1 of every set that is kept for checking."""
        return {name: scores(*self.answers(lessons)) for name, lessons in self._course.check.items() if lessons}

    def answers(self, lessons: Sequence[Lesson]) -> tuple[list[str], list[str]]:
        """The true labels and the said ones of lessons that tell of one task."""
        told = [lesson for lesson in lessons if lesson.labels]
        (task,) = {task for lesson in told for task in lesson.labels}
        names = self._course.labels[task]
        gold, said = [], []
        self.network.eval()
        with torch.no_grad():
            for read in batches(told, self._tokenizer, self._course.labels, seed=None):
                batch = read.to(self.device)
                logits = self.network(batch.input_ids, batch.attention_mask).logits[task]
                gold += [names[n] if n >= 0 else "" for n in batch.labels[task].tolist()]
                said += [names[n] for n in logits.argmax(1).tolist()]
        self.network.train()
        return gold, said


def scores(gold: Sequence[str], said: Sequence[str]) -> tuple[float, float]:
    """Accuracy and macro-F1."""
    return accuracy(gold, said), macro_f1(gold, said)


def _middle(places: Vectors) -> Tensor:
    """The mean of all places."""
    return torch.from_numpy(np.mean(np.stack(list(places.values())), axis=0, dtype=np.float32))


def believed(scores: Tensor, labels: Tensor) -> Tensor:
    """Which texts a teacher is heard on: not where its best answer is not the label (-1 where none is known)."""
    return (labels < 0) | (scores.argmax(1) == labels)


def _disagreement(pupil: Tensor, teacher: Tensor, heat: float) -> Tensor:
    """How much a teacher's answers surprise the pupil, beyond what they leave open (Hinton et al. 2015)."""
    said, meant = (pupil / heat).log_softmax(-1), (teacher / heat).log_softmax(-1)
    return functional.kl_div(said, meant, log_target=True, reduction="batchmean") * heat**2


def _apart(one: Told, other: Told) -> Tensor:
    """How far two passes over the same texts are apart, both ways (R-Drop)."""
    total = one.vector.new_zeros(())
    for task, logits in one.logits.items():
        p, q = logits.log_softmax(-1), other.logits[task].log_softmax(-1)
        total = (
            total
            + (
                functional.kl_div(p, q, log_target=True, reduction="batchmean")
                + functional.kl_div(q, p, log_target=True, reduction="batchmean")
            )
            / 2
        )
    return total / len(one.logits)


def _weights(course: Course, task: str, power: float) -> Tensor:
    """A label's weight by its rarity, 1 in the mean over what is learnt."""
    counted: Counter[str] = Counter()
    for lesson in course.learn:
        if task in lesson.labels:
            counted[lesson.labels[task]] += 1
    seen = [counted[label] for label in course.labels[task]]
    raw = torch.tensor([0.0 if n == 0 else float(n) ** -power for n in seen])
    mean = sum(w * n for w, n in zip(raw.tolist(), seen, strict=True)) / max(1, sum(seen))
    return raw / mean if mean else torch.ones(len(seen))

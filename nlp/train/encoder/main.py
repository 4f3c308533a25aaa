"""`jaring train --base`: from a pretrained encoder to the folder that `nlp.encoder` reads, with the cascade's plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from tokenizers import Tokenizer

from nlp.encoder.card import read_card
from nlp.encoder.encoder import Encoder
from nlp.train.cascade import fit_cascade
from nlp.train.cascade_fit import Fitted
from nlp.train.encoder.bases import Pretrained, open_base
from nlp.train.encoder.cards import write_card
from nlp.train.encoder.export import export
from nlp.train.encoder.learn import PUPIL, Recipe, Scores, Training, Vectors
from nlp.train.encoder.lessons import READING_TASKS, Course, read_course
from nlp.train.encoder.network import Network, load_bert, load_trained
from nlp.train.encoder.pupil import Taught, with_layers
from nlp.train.encoder.teacher import keep_places, kept_places, places
from nlp.train.encoder.temperature import temperatures
from nlp.train.examples import Example

SHIPPED = Path(__file__).parent.parent.parent / "weights"


@dataclass(frozen=True, slots=True)
class Made:
    """What a training came to."""

    name: str
    size: int
    figures: dict[str, tuple[float, float]]  # validation: accuracy, macro-F1
    cascade: Fitted


def train_encoder(  # noqa: PLR0913  what is learnt, from what, where, and who is told
    data: Path,
    base: str,
    tune: Sequence[Example],
    *,
    layers: int | None = None,
    teacher: Path | None = None,
    work: Path,
    into: Path = SHIPPED,
    recipe: Recipe | None = None,
    own: Iterable[Example] = (),
    say: Callable[[str], None] = print,
    advance: Callable[[int, int], None] = lambda _done, _of: None,
) -> Made:
    """Train, export to `into/encoder`, and fit the temperatures and the cascade on `tune`.

    With `layers`, `base` is a folder that was exported here: what is trained has so many of its layers and is taught by
    it, or by the encoder in the folder `teacher`. With a `teacher` alone, the base learns on, layer for layer.

    `work` keeps checkpoints: started again after a kill, it goes on. `advance` is told that so many of so many steps
    more are done. A GPU is used where torch finds one.

    Raises:
        SettingsError: the base or a data set is not there.
        CatalogueError: the teacher is not there.
    """
    teacher = teacher or (Path(base) if layers is not None else None)
    recipe = recipe or (Recipe() if teacher is None else PUPIL)
    course = read_course(data, seed=recipe.seed, say=say, own=own, pupil=teacher is not None)
    say(f"opening {base}")
    pretrained = open_base(base, (lesson.words for lesson in course.learn))
    if layers is not None:
        pretrained = with_layers(pretrained, layers)
    training = Training(_network(pretrained, course, recipe), course, pretrained.tokenizer, recipe, work)
    where, scores = _held_to(training, course, pretrained.tokenizer, recipe, teacher, work, say)
    if training.resume():
        say(f"going on after step {training.done} of {training.steps}")
    advance(training.done, training.steps)
    training.run(where, scores, step_done=lambda *_: advance(1, training.steps))
    figures = training.check()
    for name, (right, f1) in figures.items():
        say(f"{name}: accuracy {right:.4f}, macro-F1 {f1:.4f}")
    folder = into / "encoder"
    size = export(_shipped(training.network), pretrained.tokenizer, folder)
    taught_by = read_card(teacher).name if teacher is not None else ""
    card = partial(write_card, folder, pretrained, course, recipe, teacher=taught_by, figures=figures, size=size)
    card(temperatures={})  # the encoder is read with its card
    name = card(temperatures=temperatures(Encoder.load(folder, threads=0), tune))
    say(f"{folder}: {size / 1e6:.1f} MB")
    return Made(name, size, figures, fit_cascade(tune, into, say=say))


def _held_to(  # noqa: PLR0913  all that it takes to ask
    training: Training,
    course: Course,
    tokenizer: Tokenizer,
    recipe: Recipe,
    teacher: Path | None,
    work: Path,
    say: Callable[[str], None],
) -> tuple[Vectors, Scores]:
    """What the learner is held to: where the base puts texts, and a teacher's scores of them where there is one."""
    if teacher is None:
        where = kept_places(work / "places.npz")
        if where is None:
            where = places(training.network, course.learn, tokenizer, seed=recipe.seed, say=say)
            keep_places(work / "places.npz", where)
        return where, {}
    kept, asked = work / "taught.npz", Encoder.load(teacher, threads=0)
    taught = Taught.kept(kept, asked.card.name, len(course.learn))
    if taught is None:
        taught = Taught.by(asked, course.learn, say=say)
        taught.keep(kept, asked.card.name)
    return taught.places, taught.scores


def _network(base: Pretrained, course: Course, recipe: Recipe) -> Network:
    torch.manual_seed(recipe.seed)
    network = Network(base.shape, course.labels)
    if base.labels:
        load_trained(network, base.state, base.labels)
    else:
        load_bert(network, base.state)
    return network


def _shipped(network: Network) -> Network:
    """The network without the heads that only helped it learn."""
    shipped: Network = Network(network.shape, {task: network.labels[task] for task in READING_TASKS})
    kept: dict[str, torch.Tensor] = {
        name: value for name, value in network.cpu().state_dict().items() if name in shipped.state_dict()
    }
    shipped.load_state_dict(kept)
    shipped.eval()
    return shipped

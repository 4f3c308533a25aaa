"""How the linear decider and the encoder share the work: `cascade.toml`, fitted on posts that neither learnt from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.errors import CatalogueError
from nlp.deciders import Task
from nlp.linear.decider import softmax

PLAN = "cascade.toml"
LEAST_SHARE = 1e-4  # what a model gives a label that it does not know, or holds for impossible: one may be mistaken

Shares = npt.NDArray[np.float64]


class Kind(StrEnum):
    """What is averaged: logarithms (both must agree on a label) or the probabilities (one is enough)."""

    LOG = "log"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Pool:
    """One task's mixture: `linear` is the linear decider's weight in the mean, the encoder has the rest."""

    kind: Kind
    linear: float
    temperature: float

    def __post_init__(self) -> None:
        if not 0 <= self.linear <= 1 or self.temperature <= 0:
            raise ValueError("a weight must be from 0 to 1, a temperature above 0")

    def mix(self, linear: Shares, encoder: Shares) -> Shares:
        """Return the mixture of two tables of probabilities, texts x labels, the labels in one order."""
        first, second = np.maximum(linear, LEAST_SHARE), np.maximum(encoder, LEAST_SHARE)
        if self.kind is Kind.LOG:
            mean = self.linear * np.log(first) + (1 - self.linear) * np.log(second)
        else:
            mean = np.log(self.linear * first + (1 - self.linear) * second)
        return np.asarray(softmax(mean / self.temperature), np.float64)


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A task's mixture, and the probability from which the linear decider's answer stands without the encoder."""

    pool: Pool
    sure: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What was fitted, for which two models: the thresholds mean nothing for others."""

    linear: str
    encoder: str
    tasks: Mapping[Task, TaskPlan]


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises:
        CatalogueError: it is absent, no TOML, or does not say what is needed.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        tasks = {
            Task(task): TaskPlan(
                Pool(Kind(of["kind"]), float(of["linear"]), float(of["temperature"])), float(of["sure"])
            )
            for task, of in said["tasks"].items()
        }
        return Plan(str(said["linear"]), str(said["encoder"]), tasks)
    except OSError as cause:
        raise CatalogueError(
            f"{path} cannot be read ({cause.strerror}): fit it with the training, or read with JARING_READ_MODE=fast"
        ) from cause
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise CatalogueError(f"{path} is no plan of a cascade: {cause!r}") from cause


def aligned(shares: Shares, labels: tuple[str, ...], order: tuple[str, ...]) -> Shares:
    """Return a table of probabilities with the columns of another order of labels; 0 where a label is not known."""
    known = {label: n for n, label in enumerate(labels)}
    table = np.zeros((len(shares), len(order)))
    there = [n for n, label in enumerate(order) if label in known]
    table[:, there] = shares[:, [known[order[n]] for n in there]]
    return table

"""The `jaring` command. Exit 0 done, 1 failed (one sentence on stderr, what to do), 2 wrong use."""

from __future__ import annotations

import os
import sys

import typer

from domain.errors import JaringError
from jaring.commands import COMMANDS
from jaring.console import words

app = typer.Typer(
    name="jaring",
    help="Jaring: mendengar, membaca, dan meneruskan suara warga.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for attach in COMMANDS:
    attach(app)


def main() -> None:
    """Run the command line. Expected failures end in one sentence, never in a traceback."""
    try:
        app()
    except JaringError as failure:
        words.print(f"jaring: {failure}", style="red", soft_wrap=True, markup=False)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as failure:
        about = f"{failure.filename}: " if failure.filename else ""
        words.print(
            f"jaring: {about}tidak dapat dibaca atau ditulis ({failure.strerror or failure}). Perbaiki izinnya, "
            "atau kosongkan disk.",
            style="red", soft_wrap=True, markup=False,
        )  # fmt: skip
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

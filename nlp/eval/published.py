"""What others published for the same tasks, on test sets that are not here: to stand beside ours."""

from __future__ import annotations

# Figure -> who reached what. SmSA: Wilie et al. 2020 (IndoNLU), arXiv 2009.05387; NusaX: Winata et al. 2023, arXiv
# 2205.15960, mean of twelve languages.
PUBLISHED = {
    "smsa.valid.macro_f1": "IndoBERT-base .877",
    "nusax.valid.macro_f1": "IndoBERT-base .785",
}

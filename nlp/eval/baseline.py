"""The usual linear baseline: TF-IDF of words and letters with a linear SVM, fitted on a set's own training part."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC


def answers(learn: Sequence[tuple[str, str]], texts: Sequence[str]) -> list[str]:
    """Learn from (text, label) and answer texts. The same input gives the same answers."""
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    )
    model = make_pipeline(features, LinearSVC(C=0.5, random_state=7))
    words, labels = zip(*learn, strict=True)
    return [str(label) for label in model.fit(words, labels).predict(texts)]

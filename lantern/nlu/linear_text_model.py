"""A linear classifier over the sentence vector and word and character n-grams, kept as plain arrays.

The vector knows meaning, the n-grams know the word: "boys" against "girls" is one direction among 512 for the first and
a feature of its own for the second. On unseen sentences the two together beat either alone (see docs/evaluation.md).
Nothing is pickled: a model folder holds two .npz files and a .json file.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

SEED = 1
# the labels are trained in so many parts, several at once; a fixed number, so that every machine gets the same weights
PARTS = 4
# each part holds the features once more while it is trained
MOST_AT_ONCE = 4
# scores are the same to a hundredth from here on, in half the time of scikit-learn's own 1e-4
TOLERANCE = 0.01
ANALYZERS = {
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b", "min_df": 2},
    "characters": {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 3},
}


def softmax(scores: np.ndarray) -> np.ndarray:
    """Returns probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def tfidf(vectorizer: TfidfVectorizer, text: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns the columns of the n-grams of one text and their values, as `vectorizer.transform` gives them.

    For a single text, scikit-learn spends most of its time on checks and sparse matrices.
    """
    vocabulary = vectorizer.vocabulary_
    counts = Counter(vocabulary[ngram] for ngram in analyzer_of(vectorizer)(text) if ngram in vocabulary)
    rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
    values = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * vectorizer.idf_[rows]
    length = np.sqrt(values @ values)
    return rows, values / length if length else values


def fit_part(
    features: sparse.csr_matrix, labels: np.ndarray, part: np.ndarray, cost: float
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the weights (len(part), features) and the biases of some labels, each against all others."""
    others = "\0"
    model = LinearSVC(C=cost, random_state=SEED, tol=TOLERANCE)
    model.fit(features, np.where(np.isin(labels, part), labels, others))
    rows = np.searchsorted(model.classes_, part)
    return model.coef_[rows].astype(np.float32), model.intercept_[rows].astype(np.float32)


@lru_cache(maxsize=8)
def analyzer_of(vectorizer: TfidfVectorizer) -> Callable[[str], list[str]]:
    """Returns the function from text to n-grams."""
    return vectorizer.build_analyzer()


class LinearTextModel:
    """One-against-rest linear SVM whose scores a fitted temperature turns into probabilities.

    Attributes:
        labels: the classes, in the order of every score array.
        temperature: factor on the scores that makes the probabilities calibrated; where None is given, `fit` finds it
            by cross-validation, which takes three times as long as the training itself.
    """

    def __init__(self, vector_weight: float = 2.0, cost: float = 0.3, temperature: float | None = None) -> None:
        self.vector_weight, self.cost, self.temperature = vector_weight, cost, temperature
        self.labels: list[str] = []
        self._vectorizers: dict[str, TfidfVectorizer] = {}
        self._ngram_weights = self._vector_weights = self._bias = np.zeros(0, dtype=np.float32)

    def fit(self, texts: list[str], vectors: np.ndarray, labels: list[str]) -> LinearTextModel:
        """Trains on `texts`, their sentence `vectors` (n, 512) and their `labels`."""
        self._vectorizers = {
            name: TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options) for name, options in ANALYZERS.items()
        }
        ngrams = sparse.hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers.values()])
        features = sparse.hstack([ngrams, vectors * self.vector_weight]).tocsr()
        self.temperature = self.temperature or self._calibrate(features, labels)
        weights, self._bias = self._fit_parts(features, np.array(labels))
        split = ngrams.shape[1]
        # one row per feature: a message touches only the rows of its own n-grams
        self._ngram_weights = np.ascontiguousarray(weights[:, :split].T)
        self._vector_weights = np.ascontiguousarray(weights[:, split:] * np.float32(self.vector_weight))
        return self

    def _fit_parts(self, features: sparse.csr_matrix, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sets `labels` and returns the weights (labels, features) and the biases (labels,)."""
        classes = np.unique(labels)
        self.labels = [str(label) for label in classes]
        # the least part has two labels: LinearSVC gives a single pair one row of weights in place of two
        parts = np.array_split(classes, max(1, min(PARTS, len(classes) // 2)))
        # the type that LinearSVC wants: otherwise each part makes a copy of its own
        features = features.astype(np.float64)
        at_once = min(len(parts), MOST_AT_ONCE, os.cpu_count() or 1)
        fitted = Parallel(n_jobs=at_once)(delayed(fit_part)(features, labels, part, self.cost) for part in parts)
        return np.concatenate([weights for weights, _ in fitted]), np.concatenate([bias for _, bias in fitted])

    def _calibrate(self, features: sparse.csr_matrix, labels: list[str]) -> float:
        folds = StratifiedKFold(n_splits=3, shuffle=True, random_state=SEED)
        model = LinearSVC(C=self.cost, random_state=SEED)
        scores = cross_val_predict(model, features, labels, cv=folds, method="decision_function")
        target = np.unique(labels, return_inverse=True)[1]
        rows = np.arange(len(target))

        def loss(log_temperature: float) -> float:
            return -float(np.log(softmax(scores * np.exp(log_temperature))[rows, target] + 1e-12).mean())

        return float(np.exp(minimize_scalar(loss, bounds=(-2, 4), method="bounded").x))

    def probabilities(self, text: str, vector: np.ndarray) -> np.ndarray:
        """Returns one probability a label, in the order of `labels`.

        Args:
            text: the normalized message.
            vector: its sentence vector, shape (512,).
        """
        scores = self._vector_weights @ vector + self._bias
        offset = 0
        for vectorizer in self._vectorizers.values():
            rows, values = tfidf(vectorizer, text)
            scores = scores + values @ self._ngram_weights[rows + offset]
            offset += len(vectorizer.vocabulary_)
        return softmax(scores * self.temperature)

    def knows(self, text: str) -> bool:
        """Returns whether at least one word of `text` occurred in training."""
        return bool(len(tfidf(self._vectorizers["words"], text)[0]))

    def save(self, folder: Path) -> None:
        """Writes the model into an existing folder."""
        np.savez(folder / "weights.npz", ngrams=self._ngram_weights, vectors=self._vector_weights, bias=self._bias)
        np.savez(folder / "idf.npz", **{name: v.idf_ for name, v in self._vectorizers.items()})
        vocabularies = {
            name: sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
            for name, vectorizer in self._vectorizers.items()
        }
        content = {"labels": self.labels, "temperature": self.temperature, "vocabularies": vocabularies}
        (folder / "model.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearTextModel:
        """Reads a model that `save` wrote."""
        content = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        model = cls()
        model.labels, model.temperature = content["labels"], content["temperature"]
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            model._ngram_weights, model._vector_weights = arrays["ngrams"], arrays["vectors"]
            model._bias = arrays["bias"]
        with np.load(folder / "idf.npz", allow_pickle=False) as idf:
            for name, options in ANALYZERS.items():
                vocabulary = content["vocabularies"][name]
                vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, vocabulary=vocabulary, **options)
                vectorizer.idf_ = idf[name]
                model._vectorizers[name] = vectorizer
        return model

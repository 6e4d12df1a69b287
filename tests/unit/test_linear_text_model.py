"""The linear model: the fast single-text features are scikit-learn's, and a saved model answers as before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from lantern.nlu.linear_text_model import ANALYZERS, LinearTextModel, tfidf

TEXTS = [
    "how many boys were there",
    "how many girls were there",
    "should i pay him",
    "he wants me to pay him money",
] * 6
LABELS = ["boys", "girls", "pay", "pay"] * 6


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    drawn = np.random.default_rng(1).normal(size=(len(TEXTS), 512)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def model(vectors: np.ndarray) -> LinearTextModel:
    return LinearTextModel(vector_weight=0.1, temperature=5.0).fit(TEXTS, vectors, LABELS)


@pytest.mark.parametrize("options", ANALYZERS.values(), ids=ANALYZERS)
@pytest.mark.parametrize("text", ["how many boys boys boys", "Pay HIM", "nothing known: qqq", ""])
def test_the_features_are_those_of_scikit_learn(options: dict, text: str) -> None:
    vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options).fit(TEXTS)
    expected = vectorizer.transform([text]).toarray()[0]
    rows, values = tfidf(vectorizer, text)
    given = np.zeros_like(expected)
    given[rows] = values
    assert np.allclose(given, expected, atol=1e-6)


def test_words_decide_between_neighbours(model: LinearTextModel, vectors: np.ndarray) -> None:
    for text, label in (("many boys", "boys"), ("many girls", "girls")):
        probabilities = model.probabilities(text, vectors[0] * 0)
        assert model.labels[int(probabilities.argmax())] == label
        assert probabilities.sum() == pytest.approx(1.0)


def test_a_saved_model_answers_as_before(model: LinearTextModel, vectors: np.ndarray, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = LinearTextModel.load(tmp_path)
    assert loaded.labels == model.labels
    for text, vector in zip(TEXTS[:4], vectors, strict=False):
        assert np.allclose(loaded.probabilities(text, vector), model.probabilities(text, vector), atol=1e-5)


def test_it_says_when_no_word_is_known(model: LinearTextModel) -> None:
    assert model.knows("boys?")
    assert not model.knows("asdf qwer")
    assert not model.knows("")


def test_the_temperature_is_found_where_none_is_given(vectors: np.ndarray) -> None:
    assert LinearTextModel(0.1).fit(TEXTS, vectors, LABELS).temperature > 0

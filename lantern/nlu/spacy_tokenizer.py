"""spaCy tokens and entities from our own YAML: no third-party model package."""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from lantern import entities
from lantern.text import normalize

SPACY_DOC = "spacy_doc"
EXTRACTOR = "SpacyTokenizer"
ADULTS = frozenset({"parent", "staff"})


def build_language(patterns: list[dict[str, Any]]) -> Language:
    """Returns an English spaCy pipeline: tokenizer and entity ruler with `patterns`."""
    language = spacy.blank("en")
    ruler = language.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(patterns)
    return language


def without_passers_by(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the entities without the role `friend` where the writer is a parent or staff, too.

    "My daughter told me that a friend of hers ..." is a parent's story. Of several roles the slot takes the last.
    """
    adult = any(entity["entity"] == "role" and entity["value"] in ADULTS for entity in found)
    return [e for e in found if not (adult and e["entity"] == "role" and e["value"] == "friend")]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class SpacyTokenizer(Tokenizer):
    """Tokenizes with spaCy, keeps the spaCy document for later components and adds entities such as `role`.

    The pipeline is built from `data/records/entities.yml` at training time and stored in the model, so a served model
    never reads files that may have changed since.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # the first four are options of Rasa's tokenizers; `records`: an entities.yml instead of the project's own
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
            "records": None,
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config)
        self._storage, self._resource = storage, resource
        self._language: Language | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyTokenizer:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        self._language = build_language(entities.load_patterns(self._config["records"]))
        with self._storage.write_to(self._resource) as folder:
            self._language.to_disk(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpacyTokenizer:
        tokenizer = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            tokenizer._language = spacy.load(folder)
        return tokenizer

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        doc = message.get(SPACY_DOC) if attribute == TEXT else None
        doc = doc if doc is not None else self._read(message.get(attribute) or "")
        return self._apply_token_pattern(
            [Token(token.text, token.idx, lemma=token.lower_) for token in doc if not token.is_space]
        )

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            doc = self._read(message.get(TEXT) or "")
            message.set(SPACY_DOC, doc)
            found = without_passers_by([self._entity(span) for span in doc.ents])
            if found:
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return super().process(messages)

    def _read(self, text: str) -> Any:
        assert self._language is not None, "trained or loaded before use"
        return self._language(normalize(text))

    @staticmethod
    def _entity(span: Any) -> dict[str, Any]:
        return {
            "entity": span.label_,
            "value": span.ent_id_,
            "start": span.start_char,
            "end": span.end_char,
            "extractor": EXTRACTOR,
        }

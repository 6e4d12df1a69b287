"""The crisis gate in the pipeline: a crisis wins over whatever the classifier thinks."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from lantern.crisis import CrisisGate
from lantern.crisis_records import FOLDER, LABELS
from lantern.text import normalize

# property of a parsed message: the crises it tells of, most urgent first
CRISIS = "crisis"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisGateComponent(GraphComponent):
    """Sets `crisis`, and makes the most urgent of them the intent.

    Fires when a phrase of `data/records/safety/` matches, or when the classifier before it gives the crisis intents
    together at least `learned_from`. What only the classifier believes is dropped when a harmless phrase matches or
    when fewer than two words of the message occur in training. The records are copied into the model, so a served
    model never reads files that may have changed since.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # `records`: a folder of patterns instead of the project's own
        return {"learned_from": 0.45, "records": None}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._gate: CrisisGate | None = None
        self._known: frozenset[str] = frozenset()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CrisisGateComponent:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        words = {word for example in training_data.intent_examples for word in self._words(example.get(TEXT) or "")}
        with self._storage.write_to(self._resource) as folder:
            for path in sorted(Path(self._config["records"] or FOLDER).glob("*.yml")):
                shutil.copyfile(path, folder / path.name)
            (folder / "known_words.txt").write_text("\n".join(sorted(words)), encoding="utf-8")
            self._read(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CrisisGateComponent:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._read(folder)
        return component

    def _read(self, folder: Path) -> None:
        self._gate = CrisisGate(folder)
        self._known = frozenset((folder / "known_words.txt").read_text(encoding="utf-8").split("\n"))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if not message.get(TEXT):
                continue
            labels = self._labels(message)
            message.set(CRISIS, labels, add_to_output=True)
            if labels:
                self._override(message, labels[0])
        return messages

    def _labels(self, message: Message) -> list[str]:
        assert self._gate is not None, "trained or loaded before use"
        labels, harmless = self._gate.alarms(message.get(TEXT))
        if harmless and not labels:
            self._take_back(message)
            return []
        return labels or self._learned(message)

    def _learned(self, message: Message) -> list[str]:
        """Returns the likeliest crisis intent if the classifier believes in a crisis, else nothing."""
        crises = [entry for entry in message.get(INTENT_RANKING_KEY) or [] if entry["name"] in LABELS]
        if not crises or sum(entry["confidence"] for entry in crises) < self._config["learned_from"]:
            return []
        if len(self._words(message.get(TEXT)) & self._known) < 2:
            return []
        return [max(crises, key=lambda entry: entry["confidence"])["name"]]

    @staticmethod
    def _take_back(message: Message) -> None:
        """A message that the patterns know as harmless is not a crisis because the classifier leans to one."""
        calm = [entry for entry in message.get(INTENT_RANKING_KEY) or [] if entry["name"] not in LABELS]
        if calm:
            message.set(INTENT, calm[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, calm, add_to_output=True)

    @staticmethod
    def _override(message: Message, label: str) -> None:
        top = {"name": label, "confidence": 1.0}
        # halved, so that no later component takes the crisis for one of two close readings
        others = [
            {**entry, "confidence": entry["confidence"] / 2}
            for entry in message.get(INTENT_RANKING_KEY) or []
            if entry["name"] != label
        ]
        message.set(INTENT, top, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [top, *others], add_to_output=True)

    @staticmethod
    def _words(text: str) -> set[str]:
        return {word for word in normalize(text).lower().replace("'", "").split() if word.isalpha()}

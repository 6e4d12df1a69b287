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

from lantern.crisis import Alarms, CrisisGate
from lantern.crisis_records import FOLDER, LABELS
from lantern.nlu.calm_last import put_calm_last
from lantern.nlu.finding_selector import ASK_FINDING, FINDING_RANKING, FITS_FROM, SURE_OF_QUESTION
from lantern.nlu.ranking import lead_with
from lantern.text import normalize
from lantern.topics import load_topics

# properties of a parsed message: the crises it tells of, most urgent first; whether it may tell of one
CRISIS = "crisis"
CRISIS_CHECK = "crisis_check"
# the topic that a message with a doubtful alarm is likeliest about: it is answered too, under the crisis reply
ALSO_ASKED = "also_asked"
# whether the message tells of a threat: the core steps then come first on topics that are asked in calm times, too
THREAT = "threat"
# what the classifier says of an offender who threatens to die: from this confidence on it is taken for that
TACTIC = "tactic_threatens_suicide"
SURE_OF_TACTIC = 0.6
# a message that the classifier takes for one of these, and not at least this share as much for a crisis, is no alarm
CALM = frozenset({"figure_of_speech", "not_a_crisis"})
AGAINST_CALM = 0.3
# a message of so many words holds a phrase of a crisis by chance in every fourth case ("I hate myself for laughing")
LONG_WORDS = 45


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisGateComponent(GraphComponent):
    """Sets `crisis` and `crisis_check`, and makes the most urgent crisis the intent.

    Fires when a phrase of `data/records/safety/` matches, or when the classifier before it gives the crisis intents
    together at least `learned_from`. From `check_from` on, the message keeps its intent and the reply asks gently and
    names the lines; where a harmless phrase matches, the classifier brings no more than that, from
    `check_harmless_from` on. In a long story it takes `learned_from_long`, or a phrase together with
    `beside_phrase_long`; a phrase alone asks gently there, unless it is a firm one. So does a phrase in a message whose
    topic, none of people in trouble, has at least `sure_of_topic`, while the crises have less than
    `doubt_phrase_below`. What only the classifier believes is dropped when fewer than two words of the message occur
    in training.
    A phrase in what is surely a question for a finding asks gently, too, unless it is a firm one.
    A doubtful alarm (the classifier gives the crises less than `also_asked_below`) does not cost the user the answer:
    the topic of the message, if it has at least `also_asked_from`, is `also_asked`.
    Where there is no crisis, a message that tells of a threat gets a topic that fits (lantern/nlu/calm_last.py).
    The records are copied into the model, so a served model never reads files that may have changed since.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # `records`: a folder of patterns instead of the project's own
        return {
            "learned_from": 0.05,
            "learned_from_long": 0.15,
            "beside_phrase_long": 0.05,
            "doubt_phrase_below": 0.001,
            "sure_of_topic": 0.9,
            "check_from": 0.004,
            "check_from_long": 0.002,
            "check_harmless_from": 0.6,
            "also_asked_below": 0.4,
            "also_asked_from": 0.3,
            "records": None,
        }

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
            assert self._gate is not None, "trained or loaded before use"
            alarms = self._gate.alarms(message.get(TEXT))
            labels, check = self._judge(message, alarms)
            message.set(THREAT, self._gate.threat(message.get(TEXT)), add_to_output=True)
            message.set(CRISIS, labels, add_to_output=True)
            message.set(CRISIS_CHECK, check, add_to_output=True)
            message.set(
                ALSO_ASKED, self._also_asked(message) if labels and not alarms.firm else None, add_to_output=True
            )
            if labels:
                self._override(message, labels[0])
            else:
                self._take_back(message)
                put_calm_last(message, self._gate)
        return messages

    def _judge(self, message: Message, alarms: Alarms) -> tuple[list[str], bool]:
        """Returns the crises of a message, most urgent first, and whether to ask gently where there are none."""
        learned = self._learned(message)
        believed = sum(entry["confidence"] for entry in learned)
        is_long = len(message.get(TEXT).split()) >= LONG_WORDS
        if self._is_tactic(message, alarms):
            return [], True
        if self._is_study_question(message, alarms):
            return [], True
        if alarms.labels:
            alone = is_long and believed < self._config["beside_phrase_long"]
            doubtful = not alarms.firm and (alone or self._is_surely_else(message, believed))
            return ([], True) if doubtful else (list(alarms.labels), False)
        if not alarms.harmless and believed >= self._believed_from(message, is_long):
            return [max(learned, key=lambda entry: entry["confidence"])["name"]], False
        # somewhere in a long story there is laundry or homework, too: that is no reason not to ask
        check = "check_from_long" if is_long else "check_harmless_from" if alarms.harmless else "check_from"
        return [], believed >= self._config[check]

    def _is_surely_else(self, message: Message, believed: float) -> bool:
        """Whether the classifier is sure of a topic of calm times and sees no crisis: "if I close this, is it gone?".

        "He gave me until midnight" is surely a threat, and yet a reason to ask how the one who writes is.
        """
        top = message.get(INTENT) or {"confidence": 0.0}
        sure = top["confidence"] >= self._config["sure_of_topic"] and believed < self._config["doubt_phrase_below"]
        topic = load_topics().get(top.get("name"))
        return sure and top["name"] not in (*LABELS, ASK_FINDING) and not (topic and topic.trouble)

    def _learned(self, message: Message) -> list[dict[str, Any]]:
        """Returns the crisis intents of the ranking; none for a message of unknown words."""
        if len(self._words(message.get(TEXT)) & self._known) < 2:
            return []
        return [entry for entry in message.get(INTENT_RANKING_KEY) or [] if entry["name"] in LABELS]

    def _believed_from(self, message: Message, is_long: bool) -> float:
        enough = self._config["learned_from_long" if is_long else "learned_from"]
        return max(enough, AGAINST_CALM * self._calm(message))

    @staticmethod
    def _calm(message: Message) -> float:
        """Returns how much the classifier takes the message for a figure of speech or a crisis taken back."""
        return sum(entry["confidence"] for entry in message.get(INTENT_RANKING_KEY) or [] if entry["name"] in CALM)

    def _also_asked(self, message: Message) -> str | None:
        """Returns the topic of a message that the classifier surely takes for something else than a crisis."""
        if sum(entry["confidence"] for entry in self._learned(message)) >= self._config["also_asked_below"]:
            return None
        topics = load_topics()
        top = (message.get(INTENT_RANKING_KEY) or [{"name": "", "confidence": 0.0}])[0]
        clear = top["name"] in topics and topics[top["name"]].is_reading
        return top["name"] if clear and top["confidence"] >= self._config["also_asked_from"] else None

    @staticmethod
    def _is_tactic(message: Message, alarms: Alarms) -> bool:
        """Whether "he will kill himself" is said of the one who threatens: answered as a tactic, with the lines."""
        top = message.get(INTENT) or {}
        sure = top.get("name") == TACTIC and top.get("confidence", 0.0) >= SURE_OF_TACTIC
        return sure and not alarms.firm and list(alarms.labels) == ["self_harm_other"]

    @staticmethod
    def _is_study_question(message: Message, alarms: Alarms) -> bool:
        """Whether a phrase of a crisis stands in what is surely a question for a finding: answered, with the lines."""
        top, findings = message.get(INTENT) or {}, message.get(FINDING_RANKING) or []
        sure = top.get("name") == ASK_FINDING and top.get("confidence", 0.0) >= SURE_OF_QUESTION
        fits = bool(findings) and findings[0]["confidence"] >= FITS_FROM
        return sure and fits and bool(alarms.labels) and not alarms.firm

    @staticmethod
    def _take_back(message: Message) -> None:
        """A message that is not taken for a crisis does not keep a crisis as its likeliest intent."""
        ranking = message.get(INTENT_RANKING_KEY) or []
        calm = [entry for entry in ranking if entry["name"] not in LABELS]
        if calm and ranking[0]["name"] in LABELS:
            message.set(INTENT, calm[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, calm, add_to_output=True)

    @staticmethod
    def _override(message: Message, label: str) -> None:
        # sure, so that no later component takes the crisis for one of two close readings
        lead_with(message, label, confidence=1.0)

    @staticmethod
    def _words(text: str) -> set[str]:
        return {word for word in normalize(text).lower().replace("'", "").split() if word.isalpha()}

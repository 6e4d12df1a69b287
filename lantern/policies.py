"""A policy that never leaves a user without an answer."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

TROUBLE = "utter_trouble"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class NeverSilentPolicy(Policy):
    """Says `utter_trouble` when a custom action ran and the user got nothing.

    Rasa drops the events of a custom action that fails or cannot be reached and goes on silently. This policy works
    inside Rasa, so it also speaks when the action server is dead, on every channel.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # above RulePolicy (6), whose rule would go on as if the action had spoken
        return {"priority": 9, "max_history": None}

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NeverSilentPolicy:
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        action = self._next(tracker)
        if action:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)

    @staticmethod
    def _next(tracker: DialogueStateTracker) -> str | None:
        last_action, answered = None, False
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered):
                break
            answered = answered or isinstance(event, BotUttered)
            if isinstance(event, ActionExecuted) and last_action is None:
                last_action = event.action_name
        if last_action == TROUBLE:
            return ACTION_LISTEN_NAME
        # stories under test name no channel, and their actions are not run: silence proves nothing there
        is_live = tracker.get_latest_input_channel() is not None
        if is_live and last_action and last_action.startswith("action_tell_") and not answered:
            return TROUBLE
        return None

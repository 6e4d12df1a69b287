"""Rasa's rules, found by what they ask for instead of by trying them all."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

# intent of the last user message and name of the last action in a rule; None: the rule asks for none
_Asks = tuple[str | None, str | None]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """Predicts what `RulePolicy` predicts, at a cost that does not grow with the number of rules.

    `RulePolicy` tries every rule on every turn of the conversation, twice a message: once for rules with texts of users
    in them, of which Lantern has none.
    """

    # id of a lookup -> (its size, its rules by what they ask for)
    _indexes: dict[int, tuple[int, dict[_Asks, list[str]]]]

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        if not states:
            return super()._get_possible_keys(lookup, states)
        intent, action = asks(states[-1])
        index = self._index(lookup)
        keys = {key for name in {intent, None} for last in {action, None} for key in index.get((name, last), ())}
        return super()._get_possible_keys({key: lookup[key] for key in keys}, states)

    def _index(self, lookup: dict[str, str]) -> dict[_Asks, list[str]]:
        indexes = self.__dict__.setdefault("_indexes", {})
        size, index = indexes.get(id(lookup), (-1, {}))
        if size != len(lookup):
            index = defaultdict(list)
            for key in lookup:
                index[asks(self._rule_key_to_state(key)[-1])].append(key)
            indexes[id(lookup)] = (len(lookup), index)
        return index

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not self._has_texts():
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _has_texts(self) -> bool:
        rules = self.lookup[RULES]
        known = self.__dict__.get("_texts")
        if known is None or known[0] != len(rules):
            found = any(state.get("user", {}).get("text") for key in rules for state in self._rule_key_to_state(key))
            known = self.__dict__["_texts"] = (len(rules), found)
        return known[1]

    def format_tracker_states(self, states: list[State]) -> Any:
        """Nothing: it is only for the log, costs more than the prediction, and holds what users wrote."""
        return None


def asks(state: State) -> _Asks:
    """Returns intent and last action of a state, each None where the state has none."""
    intent = (state.get("user") or {}).get("intent")
    action = (state.get("prev_action") or {}).get("action_name")
    return (intent if isinstance(intent, str) else None), (action if isinstance(action, str) else None)

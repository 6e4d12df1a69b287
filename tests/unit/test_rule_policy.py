"""The indexed rules predict what Rasa's own policy predicts."""

from __future__ import annotations

import json

import pytest
from rasa.core.policies.rule_policy import RulePolicy

from lantern.rule_policy import IndexedRulePolicy, asks

LISTEN = {"action_name": "action_listen"}
RULES = [
    [{"prev_action": LISTEN, "user": {"intent": "greet"}}],
    [{"prev_action": LISTEN, "user": {"intent": "thanks"}}],
    [{"prev_action": {"action_name": "utter_greet"}, "user": {"intent": "greet"}}],
    [{"prev_action": LISTEN, "user": {"intent": "greet"}, "slots": {"role": (1.0,)}}],
    [{"prev_action": LISTEN}],
    [{"prev_action": LISTEN, "user": {"intent": "greet"}}, {"prev_action": {"action_name": "utter_greet"}}],
]
LOOKUP = {json.dumps(rule, sort_keys=True): f"action {number}" for number, rule in enumerate(RULES)}
TALKS = [
    [],
    [{}],
    [{}, {"prev_action": LISTEN, "user": {"intent": "greet"}}],
    [{}, {"prev_action": LISTEN, "user": {"intent": "thanks"}}],
    [{}, {"prev_action": LISTEN, "user": {"text": "hi"}}],
    [{}, {"prev_action": LISTEN, "user": {"intent": "greet"}, "slots": {"role": [1.0]}}],
    [
        {},
        {"prev_action": LISTEN, "user": {"intent": "greet"}},
        {"prev_action": {"action_name": "utter_greet"}, "user": {"intent": "greet"}},
    ],
]


def policy(kind: type[RulePolicy]) -> RulePolicy:
    """A policy that is asked for nothing but its rules."""
    made = kind.__new__(kind)
    made.lookup = {"rules": LOOKUP}
    return made


@pytest.mark.parametrize("states", TALKS)
def test_the_same_rules_are_found(states: list[dict]) -> None:
    assert policy(IndexedRulePolicy)._get_possible_keys(LOOKUP, states) == policy(RulePolicy)._get_possible_keys(
        LOOKUP, states
    )


def test_some_rules_are_found_at_all() -> None:
    assert len(policy(IndexedRulePolicy)._get_possible_keys(LOOKUP, TALKS[2])) >= 2


def test_a_rule_that_was_added_is_found() -> None:
    indexed, lookup = policy(IndexedRulePolicy), dict(LOOKUP)
    indexed._get_possible_keys(lookup, TALKS[2])
    key = json.dumps([{"prev_action": LISTEN, "user": {"intent": "bye"}}])
    lookup[key] = "action 9"
    assert key in indexed._get_possible_keys(lookup, [{}, {"prev_action": LISTEN, "user": {"intent": "bye"}}])


def test_rules_with_texts_would_be_noticed() -> None:
    indexed = policy(IndexedRulePolicy)
    assert not indexed._has_texts()
    indexed.lookup = {"rules": {json.dumps([{"prev_action": LISTEN, "user": {"text": "hi"}}]): "action 1", **LOOKUP}}
    assert indexed._has_texts()


def test_a_state_tells_what_it_asks_for() -> None:
    assert asks({"prev_action": LISTEN, "user": {"intent": "greet"}}) == ("greet", "action_listen")
    assert asks({}) == (None, None)

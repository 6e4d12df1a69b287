"""Learning part by part: a typical case, and a quiz. No score is kept."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.steps import intent_of, was_interrupted
from lantern.cards import build_card
from lantern.findings import load_findings
from lantern.lessons import Question, load_case, load_quiz

# value of the slot `quiz` after an answer, before the next question
BETWEEN = "between"
# what an answer to a claim means, in words of the quiz and in short ones
VERDICTS = {
    "quiz_answer_true": True,
    "affirm": True,
    "quiz_answer_false": False,
    "deny": False,
    "dont_know": None,
    "step_why": None,
}


class ActionTellCase(Action):
    """Tells the first part of a typical case, or the part after (or before) the one told last."""

    def name(self) -> str:
        return "action_tell_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        parts = [part.id for part in load_case()]
        told, intent = tracker.get_slot("case"), intent_of(tracker)
        if told not in parts and intent == "next_part":
            # "and then?" outside the story asks what to do
            dispatcher.utter_message(response="utter_what_now")
            return []
        if told not in parts or intent == "typical_case":
            # an interrupted story goes on where it was left, one that was just begun is told anew
            number = parts.index(told) if told in parts and told != parts[0] else 0
        elif intent == "go_back":
            number = parts.index(told) - (0 if was_interrupted(tracker, "case") else 1)
        else:
            number = parts.index(told) + 1
        if number >= len(parts):
            dispatcher.utter_message(response="utter_case_end")
            return [SlotSet("case", None)]
        part = load_case()[max(number, 0)]
        card = build_card(load_findings(), part.finding)
        dispatcher.utter_message(response=f"utter_case_{part.id}", number=max(number, 0) + 1, total=len(parts), **card)
        return [SlotSet("case", part.id)]


class ActionTellQuiz(Action):
    """Asks the next question of the quiz, or tells whether the claim asked last is true and what the study found."""

    def name(self) -> str:
        return "action_tell_quiz"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        questions = {question.id: question for question in load_quiz()}
        asked = [name for name in tracker.get_slot("quiz_asked") or [] if name in questions]
        current, intent = tracker.get_slot("quiz"), intent_of(tracker)
        if current in questions and intent in VERDICTS:
            return self._answer(dispatcher, questions[current], VERDICTS[intent])
        if intent.startswith("quiz_answer") and current != BETWEEN:
            dispatcher.utter_message(response="utter_quiz_none")
            return []
        if current in questions and intent == "quiz":
            dispatcher.utter_message(response=f"utter_quiz_{current}", number=len(asked), total=len(questions))
            return []
        return self._ask(dispatcher, list(questions), asked)

    @staticmethod
    def _ask(dispatcher: CollectingDispatcher, questions: list[str], asked: list[str]) -> list[EventType]:
        following = next((name for name in questions if name not in asked), None)
        if following is None:
            dispatcher.utter_message(response="utter_quiz_end")
            return [SlotSet("quiz", None), SlotSet("quiz_asked", [])]
        dispatcher.utter_message(response=f"utter_quiz_{following}", number=len(asked) + 1, total=len(questions))
        return [SlotSet("quiz", following), SlotSet("quiz_asked", [*asked, following])]

    @staticmethod
    def _answer(dispatcher: CollectingDispatcher, question: Question, verdict: bool | None) -> list[EventType]:
        how = "open" if verdict is None else "right" if verdict == question.answer else "wrong"
        lead = f"utter_quiz_{how}_{'true' if question.answer else 'false'}"
        card = build_card(load_findings(), question.finding)
        dispatcher.utter_message(response="utter_quiz_answer", lead=lead, **card)
        return [SlotSet("quiz", BETWEEN), SlotSet("finding", question.finding)]

"""Every reply passes here: the contact, the core steps and the kind of reply are added in this one place.

Nobody who writes a response has to think of the contact, and no response can forget it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from lantern.contacts import load_contacts
from lantern.personal_data import holds_personal_data
from lantern.school import load_school
from lantern.steps import FORGOTTEN

# this channel carries the contact as JSON beside the text, see lantern/channel.py
WEBSITE = "website"

CORE = "utter_core"
CRISIS = "crisis"
# said under every later reply, until the user says that it was not meant that way
CRISIS_LINE = "utter_crisis_line"
# said under the reply to a message that may tell of a crisis
CRISIS_CHECK_LINE = "utter_crisis_check_line"
NOT_A_CRISIS = "utter_not_a_crisis"
PERSONAL_DATA = "utter_personal_data"
PERSONAL_DATA_LINE = "utter_personal_data_line"
# added to replies that send someone to their school, where it has filled in its people and lines
SCHOOL_COUNSELOR = "utter_school_counselor"
SCHOOL_LINES = "utter_school_lines"
# its button is added to what is said while the steps wait for the user to come back
BACK_TO_STEPS = "utter_back_to_steps"
STEP_NAME = re.compile(r"utter_(no_step$|steps?_)")
# `utter_x_again` says what `utter_x` said a moment ago in other words
AGAIN = "_again"
# from this probability on, a message counts as written by somebody in trouble, whatever its exact topic
TROUBLE_FROM = 0.5
# a phone screen holds no more under a reply
MOST_BUTTONS = 3
# for this many of the user's messages a reply counts as told a moment ago
REMEMBERED = 4
# replies of these kinds never start with the core steps: they have their own, or nobody is in trouble
WITHOUT_CORE = frozenset({"crisis", "refusal", "error", "smalltalk", "out_of_scope"})

_BLANK_LINES = re.compile(r"\n\s*\n\s*")


class ContactNLG(TemplatedNaturalLanguageGenerator):
    """Rasa's templated generator, plus what Lantern promises of every reply.

    A response's `metadata` may hold `kind` (see the website channel), `core: true` (the core steps come first),
    `school: true` (the school's own people and lines come last) and the sources of the advice. An action passes
    `sources` for figures, and `lead`, the name of a response to say first.
    """

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        super().__init__(domain.responses)
        self._contact_line = load_contacts().line()
        self._school = load_school()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Returns the reply as Rasa's channels take it, or None for a response that does not exist."""
        again = f"{utter_action}{AGAIN}"
        if again in self.responses and was_told(
            tracker, lambda event: event.metadata.get("utter_action") == utter_action
        ):
            utter_action = again
        response = await super().generate(utter_action, tracker, output_channel, **kwargs)
        if response is None:
            return None
        response = copy.copy(response)
        metadata = response.pop("metadata", None) or {}
        response.pop("condition", None)
        response["kind"] = metadata.get("kind", "guidance")
        if kwargs.get("sources"):
            response["sources"] = kwargs["sources"]
        parts = [response.get("text") or ""]
        if kwargs.get("lead"):
            lead = await super().generate(kwargs["lead"], tracker, output_channel)
            parts.insert(0, lead["text"] if lead else "")
        core = await self._core(metadata, tracker, output_channel)
        if core:
            parts.insert(0, core["text"])
            response["core"] = core["full"]
        if metadata.get("school"):
            parts += await self._school_parts(tracker, output_channel)
        if response["kind"] != CRISIS and in_crisis_care(tracker):
            line = await super().generate(CRISIS_LINE, tracker, output_channel)
            parts.append(line["text"] if line else "")
        elif response["kind"] != CRISIS and may_be_crisis(tracker):
            line = await super().generate(CRISIS_CHECK_LINE, tracker, output_channel)
            parts.append(line["text"] if line else "")
        if utter_action != PERSONAL_DATA and first_reply_to_personal_data(tracker):
            line = await super().generate(PERSONAL_DATA_LINE, tracker, output_channel)
            parts.append(line["text"] if line else "")
        if steps_wait(tracker) and response["kind"] != CRISIS and not STEP_NAME.match(utter_action):
            back = await super().generate(BACK_TO_STEPS, tracker, output_channel)
            response["buttons"] = [*(response.get("buttons") or [])[: MOST_BUTTONS - 1], *(back or {})["buttons"]]
        if output_channel != WEBSITE:
            parts.append(self._contact_line)
        response["text"] = _BLANK_LINES.sub("\n\n", "\n\n".join(parts)).strip()
        return response

    async def _school_parts(self, tracker: DialogueStateTracker, output_channel: str) -> list[str]:
        parts = []
        if self._school.counselor:
            values = {"counselor": str(self._school.counselor)}
            parts.append(await super().generate(SCHOOL_COUNSELOR, tracker, output_channel, **values))
        if self._school.lines:
            values = {"lines": "; ".join(map(str, self._school.lines))}
            parts.append(await super().generate(SCHOOL_LINES, tracker, output_channel, **values))
        return [part["text"] for part in parts if part]

    async def _core(
        self, metadata: dict[str, Any], tracker: DialogueStateTracker, output_channel: str
    ) -> dict[str, Any] | None:
        if metadata.get("kind", "guidance") in WITHOUT_CORE or metadata.get("core") is False:
            return None
        if not (metadata.get("core") or in_trouble(tracker)):
            return None
        told = was_told(tracker, lambda event: bool(event.metadata.get("core")))
        response = await super().generate(CORE + AGAIN if told else CORE, tracker, output_channel)
        return None if response is None else {"text": response["text"], "full": not told}


def in_trouble(tracker: DialogueStateTracker) -> bool:
    """Returns whether the latest message reads as written by somebody who is in it."""
    message = tracker.latest_message
    return bool(message and (message.parse_data or {}).get("trouble", 0.0) >= TROUBLE_FROM)


def steps_wait(tracker: DialogueStateTracker) -> bool:
    """Returns whether the user is in the middle of the steps (see actions/steps.py)."""
    return tracker.get_slot("step") not in (None, FORGOTTEN)


def may_be_crisis(tracker: DialogueStateTracker) -> bool:
    """Returns whether the latest message may tell of a crisis, though it was not taken for one."""
    message = tracker.latest_message
    return bool(message and (message.parse_data or {}).get("crisis_check"))


def first_reply_to_personal_data(tracker: DialogueStateTracker) -> bool:
    """Returns whether the latest message holds a name, an address or an account, and nothing was said to it yet."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return bool(event.text) and not event.text.startswith("/") and holds_personal_data(event.text)
        if isinstance(event, BotUttered):
            return False
    return False


def in_crisis_care(tracker: DialogueStateTracker) -> bool:
    """Returns whether a crisis came up in this conversation and the user has not taken it back since."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.metadata.get("kind") == CRISIS:
            return event.metadata.get("utter_action") != NOT_A_CRISIS
    return False


def was_told(tracker: DialogueStateTracker, is_it: Callable[[BotUttered], bool]) -> bool:
    """Returns whether a reply that `is_it` accepts was given a moment ago."""
    messages = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            messages += 1
            if messages > REMEMBERED:
                return False
        elif isinstance(event, BotUttered) and is_it(event):
            return True
    return False

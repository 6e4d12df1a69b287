"""Every reply passes here: the contact, the core steps and the kind of reply are added in this one place.

Nobody who writes a response has to think of the contact, and no response can forget it.
"""

from __future__ import annotations

import copy
import re
from functools import lru_cache
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from lantern.cards import sources_of
from lantern.close_ones import speak_of
from lantern.contacts import load_contacts
from lantern.conversation import (
    CRISIS,
    also_asked,
    care_lines,
    close_one,
    first_reply_to_personal_data,
    in_trouble,
    other_reading,
    tells_of_adult,
    tells_of_threat,
    waiting_flow,
    was_told,
)
from lantern.findings import PERIOD, REPORTS, load_findings
from lantern.school import load_school
from lantern.topics import load_topics

# this channel carries the contact as JSON beside the text, see lantern/channel.py
WEBSITE = "website"

CORE = "utter_core"
# said before the answer to what was asked beside a doubtful crisis
ALSO_LINE = "utter_also_line"
# said before the answer to another question of a long message
ALONG_LINE = "utter_along_line"
# added to advice where somebody under 18 and a grown-up are told of
GROWN_UP_LINE = "utter_grown_up_line"
PERSONAL_DATA = "utter_personal_data"
PERSONAL_DATA_LINE = "utter_personal_data_line"
# added to advice whose `metadata` names the finding on the same matter
STUDY_LINE = "utter_study_line"
# added to replies that send someone to their school, where it has filled in its people and lines
SCHOOL_COUNSELOR = "utter_school_counselor"
SCHOOL_LINES = "utter_school_lines"
# `utter_x_again` says what `utter_x` said a moment ago in other words
AGAIN = "_again"
# a phone screen holds no more under a reply
MOST_BUTTONS = 3
# replies of these kinds never start with the core steps: they have their own, or nobody is in trouble
WITHOUT_CORE = frozenset({"crisis", "refusal", "error", "smalltalk", "out_of_scope"})
# under replies of these kinds the answer to another question can stand
ANSWERS = frozenset({CRISIS, "guidance", "finding"})

_BLANK_LINES = re.compile(r"\n\s*\n\s*")


@lru_cache(maxsize=1)
def names_of_advice() -> frozenset[str]:
    """Returns the replies to which a word on a grown-up is added: advice that does not name one itself."""
    areas, says_it = ("targeted", "adults", "report"), ("met_online",)
    advice = (topic.intent for topic in load_topics().values() if topic.area in areas and topic.intent not in says_it)
    return frozenset(f"utter_{intent}" for intent in (*advice, "is_it_a_crime"))


def with_button(buttons: list[dict[str, str]], extra: dict[str, str]) -> list[dict[str, str]]:
    """Returns the buttons with `extra` as the last, no more than a phone screen holds, none twice."""
    others = [button for button in buttons if button["payload"] != extra["payload"]]
    return [*others[: MOST_BUTTONS - 1], extra]


class ContactNLG(TemplatedNaturalLanguageGenerator):
    """Rasa's templated generator, plus what Lantern promises of every reply.

    A response's `metadata` may hold `kind` (see the website channel), `core` (true: the core steps come first; threat:
    only where the message tells of a threat; false: never), `school: true` (the school's own people and lines come
    last), `finding` (what the study says of the matter is told too) and the sources of the advice. An action passes
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
            parts.insert(0, await self._line(kwargs["lead"], tracker, output_channel))
        core = await self._core(metadata, tracker, output_channel)
        if core:
            parts.insert(0, core["text"])
            response["core"] = core["full"]
        if metadata.get("finding") and not core:
            finding = load_findings().get(metadata["finding"])
            values = {"statement": finding.statement, "n": f"{REPORTS:,}", "period": PERIOD}
            parts.append(await self._line(STUDY_LINE, tracker, output_channel, **values))
            response["sources"] = sources_of([finding])
        if utter_action in names_of_advice() and tells_of_adult(tracker):
            parts.append(await self._line(GROWN_UP_LINE, tracker, output_channel))
        if metadata.get("school"):
            parts += await self._school_lines(tracker, output_channel)
        if response["kind"] in ANSWERS:
            parts += await self._also_asked(response["kind"], tracker, output_channel)
        parts += [await self._line(name, tracker, output_channel) for name in care_lines(tracker, response["kind"])]
        if utter_action != PERSONAL_DATA and first_reply_to_personal_data(tracker):
            parts.append(await self._line(PERSONAL_DATA_LINE, tracker, output_channel))
        other = other_reading(tracker)
        if other and metadata.get("core") is not False and response["kind"] == "guidance":
            response["buttons"] = with_button(response.get("buttons") or [], other)
        waiting = waiting_flow(tracker, utter_action)
        if waiting and response["kind"] != CRISIS:
            back = await super().generate(waiting, tracker, output_channel)
            response["buttons"] = with_button(response.get("buttons") or [], (back or {})["buttons"][0])
        if output_channel != WEBSITE:
            parts.append(self._contact_line)
        person = close_one(tracker)
        response["text"] = speak_of(person, _BLANK_LINES.sub("\n\n", "\n\n".join(parts)).strip())
        if response.get("buttons"):
            response["buttons"] = [{**b, "title": speak_of(person, b["title"])} for b in response["buttons"]]
        return response

    async def _line(self, name: str, tracker: DialogueStateTracker, output_channel: str, **values: Any) -> str:
        response = await super().generate(name, tracker, output_channel, **values)
        return response["text"] if response else ""

    async def _also_asked(self, kind: str, tracker: DialogueStateTracker, output_channel: str) -> list[str]:
        name = f"utter_{also_asked(tracker)}"
        if name not in self.responses:
            return []
        lead = ALSO_LINE if kind == CRISIS else ALONG_LINE
        return [await self._line(line, tracker, output_channel) for line in (lead, name)]

    async def _school_lines(self, tracker: DialogueStateTracker, output_channel: str) -> list[str]:
        lines = []
        if self._school.counselor:
            values = {"counselor": str(self._school.counselor)}
            lines.append(await self._line(SCHOOL_COUNSELOR, tracker, output_channel, **values))
        if self._school.lines:
            values = {"lines": "; ".join(map(str, self._school.lines))}
            lines.append(await self._line(SCHOOL_LINES, tracker, output_channel, **values))
        return lines

    async def _core(
        self, metadata: dict[str, Any], tracker: DialogueStateTracker, output_channel: str
    ) -> dict[str, Any] | None:
        if metadata.get("kind", "guidance") in WITHOUT_CORE or metadata.get("core") is False:
            return None
        if metadata.get("core") == "threat" and not tells_of_threat(tracker):
            return None
        if not (metadata.get("core") or in_trouble(tracker)):
            return None
        told = was_told(tracker, lambda event: bool(event.metadata.get("core")))
        response = await super().generate(CORE + AGAIN if told else CORE, tracker, output_channel)
        return None if response is None else {"text": response["text"], "full": not told}

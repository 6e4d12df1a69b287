"""Turns findings into the values of a reply: the asked figure first, then what belongs to it. Pure Python, no Rasa."""

from __future__ import annotations

from typing import Any

from lantern.findings import PERIOD, REPORTS, Finding, Findings

NO_SHARE = "no share given"
NOT_A_SHARE = "not a share"
# a second companion is told only on a card that stays within so many words; "Tell me more" tells the rest
MOST_WORDS = 60
# words of every card: "NCMEC study of ... reports, ... . Share of"
FRAME_WORDS = 10


def base_of(finding: Finding) -> str | None:
    """Returns what the finding's share is a share of, or None where it names no share."""
    is_share = any(figure.percent is not None or figure.ratio or figure.share for figure in finding.figures)
    if not is_share or finding.base.startswith(NOT_A_SHARE):
        return None
    return finding.base.split(";")[0]


def sources_of(told: list[Finding]) -> list[dict[str, Any]]:
    """Returns `custom.sources` of the website channel: `id`, `section`, `period`, `n`."""
    return [{"id": f.id, "section": f.section, "period": PERIOD, "n": REPORTS} for f in told]


def build_card(findings: Findings, key: str, told: frozenset[str] = frozenset()) -> dict[str, Any] | None:
    """Returns the values of `utter_finding` for a finding's or an overview's id, or None for an unknown id.

    A card fits one phone screen: at most two companions, one where a note or a newer line follows or the text is long.

    Args:
        findings: the loaded findings.
        key: id of the asked finding or overview.
        told: ids told a moment ago; they are not repeated as companions.
    """
    answer = findings.answer(key)
    if not answer:
        return None
    first, others = answer[0], [finding for finding in answer[1:] if finding.id not in told]
    is_overview = findings.get(key) is None
    newer = findings.newer(next((f.since for f in answer[: 3 if is_overview else 1] if f.since), None))
    room = 3 if is_overview else 2 - bool(first.note or newer)
    base = base_of(first)
    beside = [first.statement, base or "", *(other.statement for other in others[:2])]
    if not is_overview and sum(len(text.split()) for text in beside) + FRAME_WORDS > MOST_WORDS:
        room = 1
    companions = others[:room]
    return {
        "finding": key,
        "statement": first.statement,
        "companions": "\n".join(f"• {finding.statement}" for finding in companions),
        "note": (first.note or "") if not is_overview else "",
        "base": f" Share of {base}." if base else "",
        "n": f"{REPORTS:,}",
        "period": PERIOD,
        "newer": f"Since then: {newer.line}" if newer else "",
        "sources": sources_of([first, *companions]),
    }

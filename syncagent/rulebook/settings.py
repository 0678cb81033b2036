"""Answers for the settings that rules read: handed in by wiring, so that rules know nothing of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """``[follow_up]`` and ``[agent].language`` of the configuration, and when a stream counts as stale.

    ``fresh_within`` mirrors ``[alarm].after_minutes``: a stream without a good run for that long proves no absence.
    """

    within_hours: int = 48
    give_up_after_days: int = 14
    default_language: str = "az"
    fresh_within: timedelta = timedelta(minutes=60)

"""Ties words to the world: times to the calendar. Places and actors will stand beside it."""

from dateline.grounding.times import FoundTimes, TimeLexicons, load_time_lexicons, resolve_times

__all__ = ["FoundTimes", "TimeLexicons", "load_time_lexicons", "resolve_times"]

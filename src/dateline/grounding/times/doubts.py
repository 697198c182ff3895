"""Whether words that look like a time are one here: not "may" the verb, an age, a count, an ordinal."""

from __future__ import annotations

import re

from dateline.grounding.times.meanings import Setting, key_of

# Shapes that hold words of other uses too; where the language core is at hand, it must mark a time there.
_DOUBTFUL = frozenset({"loose", "thing", "nth", "daypart"})

# Names that stand as often for something else ("9/11 victims", "a Christmas gift").
_NAMED = frozenset({"fixed", "holiday"})


def is_time(name: str, match: re.Match[str], setting: Setting) -> bool:
    """Whether a match of the shape `name` is to be read."""
    group = match.groupdict()
    if any(group.get(key) and not setting.text[match.start(key)].isupper() for key in ("month", "weekday")):
        return False
    if name in _DOUBTFUL and not _marked(match, setting):
        return False
    if name in _NAMED and (setting.text[match.start()].islower() or not _marked(match, setting, without=True)):
        return False
    check = _CHECKS.get(name)
    return check is None or check(match, setting)


def _marked(match: re.Match[str], setting: Setting, *, without: bool = False) -> bool:
    """Whether the language core marks a time there; `without` where no core was asked."""
    return without if setting.clauses is None else setting.clauses.marks(match.start(), match.end())


def _month(match: re.Match[str], setting: Setting) -> bool:
    if match.groupdict().get("year") or match.groupdict().get("relative"):
        return True
    word = match["month"]
    if setting.starts_with("speaks after", match) or re.match(
        r"\s[A-Z]\.?\s", setting.text[match.end() : match.end() + 4]
    ):
        return False
    if match.groupdict().get("which") or match["edge"]:
        return True
    if word in setting.words.grammar.contexts["doubtful month"]:
        return _marked(match, setting, without=setting.ends_with("before a month", match))
    return len(word) > 3 or word == "may" or _marked(match, setting)


def _quarter(match: re.Match[str], setting: Setting) -> bool:
    if match["said"]:
        return match["nth"].lower() != "final" or bool(match["year"] or match["relative"])
    return match["nth"][0] == "q" and bool(match["year"])


def _season(match: re.Match[str], setting: Setting) -> bool:
    if match["year"] or match["relative"] or (match["which"] and key_of(match["which"]) != "the"):
        return True
    if match["season"] == "fall":
        return False
    lone = setting.ends_with("before a season", match) or bool(match["which"])
    return _marked(match, setting, without=lone and setting.text[match.start("season")].islower())


def _clock(match: re.Match[str], setting: Setting) -> bool:
    group = match.groupdict()
    if group.get("half") or group.get("named") or group.get("zone"):
        return True
    hour = int(match["hour"])
    return hour < 24 and _marked(match, setting, without=setting.before(match).endswith("at "))


def _duration(match: re.Match[str], setting: Setting) -> bool:
    group = match.groupdict()
    if group.get("window"):
        return True
    unit = (group.get("unit") or group.get("halved") or "").lower()
    aged = setting.starts_with("age after", match) and (unit.startswith("year") or setting.text[match.end()] != "-")
    if aged or setting.ends_with("age before", match):
        return False
    if unit in ("second", "seconds", "quarter", "quarters"):
        return _marked(match, setting)
    return True


def _vague(match: re.Match[str], setting: Setting) -> bool:
    plain = bool(match.groupdict().get("long")) or setting.ends_with("before a bare unit", match)
    return plain or _marked(match, setting)


def _decade(match: re.Match[str], setting: Setting) -> bool:
    named = len(match["decade"]) >= 4 or bool(match["edge"]) or match.group().startswith("the")
    return named or _marked(match, setting)


def _year(match: re.Match[str], setting: Setting) -> bool:
    if setting.starts_with("counted", match) or setting.ends_with("copyright", match):
        return False
    if match.groupdict().get("short"):
        return setting.ends_with("before a month", match) or _marked(match, setting)
    return int(match["year"]) > 1899 or _marked(match, setting)


_CHECKS = {
    "month": _month,
    "quarter": _quarter,
    "season": _season,
    "clock": _clock,
    "duration": _duration,
    "vague": _vague,
    "decade": _decade,
    "year": _year,
}

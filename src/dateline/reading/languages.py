"""Is this English? Decided by script and by function words, the words that no text of a language can do without.

After Grefenstette (1995), "Comparing two language identification schemes". No model and no start-up time; it tells
English from other languages, and names the other language when it is one of those in `data/function_words.tsv`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from dateline.reading.lexicons import Lexicons

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENOUGH = 400  # words looked at; more do not change the answer
_SCRIPTS = {
    "CYRILLIC": "Cyrillic script", "ARABIC": "Arabic script", "HEBREW": "Hebrew script", "GREEK": "Greek",
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean", "DEVANAGARI": "Devanagari script",
    "THAI": "Thai",
    "BENGALI": "Bengali", "TAMIL": "Tamil", "TELUGU": "Telugu", "GEORGIAN": "Georgian", "ARMENIAN": "Armenian",
    "ETHIOPIC": "Ethiopic script", "KHMER": "Khmer", "MYANMAR": "Burmese", "SINHALA": "Sinhala",
    "GURMUKHI": "Gurmukhi script",
    "GUJARATI": "Gujarati",
}  # fmt: skip


def foreign_language(text: str, *, lexicons: Lexicons) -> str | None:
    """Name the language or script of a text that is surely not English; None for English, and when in doubt.

    A text of fewer than eight words is never called foreign, unless its script is.
    """
    letters = [character for character in text[:4000] if character.isalpha()]
    if not letters:
        return None
    foreign = [character for character in letters if character > "\u024f" and not _is_latin(character)]
    if len(foreign) > len(letters) * 0.5:
        script = Counter(unicodedata.name(character, "?").split()[0] for character in foreign).most_common(1)[0][0]
        return _SCRIPTS.get(script, "a script other than Latin")
    words = [match.group().replace("’", "'").casefold() for match in _WORD.finditer(text[:6000])][:_ENOUGH]
    if len(words) < 8:
        return None
    shares = {
        code: sum(word in known for word in words) / len(words) for code, known in lexicons.function_words.items()
    }
    english = shares["en"]
    best = max(shares, key=lambda code: shares[code])
    # English news has 0.35 to 0.45; foreign prose below 0.08 (shared forms such as "in", "a", "as").
    if english >= 0.2 or (english >= 0.12 and best == "en"):
        return None
    if shares[best] >= max(0.12, 2 * english):
        return lexicons.language_names[best]
    if len(words) >= 40 and english < 0.06:
        return "a language other than English"
    return None


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")

"""English is read, other languages are named."""

from __future__ import annotations

import pytest

from dateline.reading import Lexicons
from dateline.reading.languages import foreign_language

TEXTS = [
    ("The army and the government both deny that they have taken part in the raid on the village.", None),
    ("Velia rejects water charge", None),
    ("Talks fail", None),
    ("", None),
    ("12:30 2025 ...", None),
    ("Die Regierung hat den Vorwurf am Freitag zurückgewiesen und will sich nicht weiter dazu äußern.", "German"),
    ("El gobierno rechazó el viernes la acusación de que se llevaba el agua de sus vecinos.", "Spanish"),
    ("Il governo ha respinto venerdì l'accusa di aver preso l'acqua dei vicini, e non dice di più.", "Italian"),
    ("O governo rejeitou na sexta-feira a acusação de que tira a água dos vizinhos e não disse mais.", "Portuguese"),
    ("De regering heeft vrijdag de beschuldiging verworpen dat zij het water van de buren neemt.", "Dutch"),
    ("Hükümet cuma günü bu suçlamayı reddetti ve komşularından su aldığı için bir açıklama yapmadı.", "Turkish"),
    (
        "Pemerintah pada hari Jumat menolak tuduhan itu dan mengatakan bahwa air tidak diambil dari tetangga.",
        "Indonesian",
    ),
    ("Правительство в пятницу отвергло обвинение в том, что оно забирает воду у соседей.", "Cyrillic script"),
    ("رفضت الحكومة يوم الجمعة الاتهام بأنها تأخذ مياه جيرانها", "Arabic script"),
    ("政府周五否认了夺取邻国水源的指控", "Chinese or Japanese"),
    ("The minister, Señor Muñoz, said “no pasarán” and left; the crowd in the square sang with him.", None),
]


@pytest.mark.parametrize(("text", "language"), TEXTS)
def test_language_is_named_when_it_is_not_english(text: str, language: str | None, lexicons: Lexicons) -> None:
    assert foreign_language(text, lexicons=lexicons) == language

"""What became of an incident: kept, merged, split, gone; old ids lead to where their events are now."""

from __future__ import annotations

import pytest

from dateline.incidents.lineage import where_now
from dateline.records import Incident


def incident(name: str, events: str, *supersedes: str) -> Incident:
    return Incident(
        id=name,
        event_ids=tuple(events),
        claim_ids=(),
        type="ASSAULT",
        earliest=None,
        latest=None,
        place_id=None,
        stances=(),
        supersedes=supersedes,
    )


@pytest.mark.parametrize(
    ("previous", "groups", "expected"),
    [
        ([incident("A", "ab")], {"A": "abc"}, {"A": ("A",)}),
        ([incident("A", "ab"), incident("B", "c")], {"A": "abc"}, {"A": ("A",), "B": ("A",)}),
        # An earlier report gives another name.
        ([incident("A", "ab")], {"Z": "zab"}, {"A": ("Z",)}),
        # Split: the half that keeps the name comes first, though it is the smaller one.
        ([incident("A", "abc")], {"A": "a", "B": "bc"}, {"A": ("A", "B")}),
        ([incident("A", "abc")], {"B": "a", "C": "bc"}, {"A": ("C", "B")}),
        ([incident("A", "a")], {"B": "b"}, {"A": ()}),
        # What was merged before goes where it was merged into, and comes back with its name.
        ([incident("A", "ab", "B")], {"C": "abc"}, {"A": ("C",), "B": ("C",)}),
        ([incident("A", "ab", "B")], {"A": "a", "B": "b"}, {"A": ("A", "B"), "B": ("B",)}),
    ],
)
def test_old_names_lead_to_where_their_events_are(
    previous: list[Incident], groups: dict[str, str], expected: dict[str, tuple[str, ...]]
) -> None:
    assert where_now(previous, groups) == expected

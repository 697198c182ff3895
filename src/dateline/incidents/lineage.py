"""What became of incidents: kept, merged into another, split. Their ids stay true, and old ones lead to new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dateline.records import Id, Incident


def where_now(previous: Iterable[Incident], groups: Mapping[Id, Sequence[Id]]) -> dict[Id, tuple[Id, ...]]:
    """For each previous incident, and each that it had taken in before, the incidents that hold its events now.

    groups: the events of each incident there is now, by its id. The incident of the same id comes first where there is
    one, then the others by how many of the events they hold. Empty where no event is left.
    """
    home = {event: name for name, events in groups.items() for event in events}
    found: dict[Id, tuple[Id, ...]] = {}
    earlier: dict[Id, Id] = {}
    for incident in sorted(previous, key=lambda each: each.id):
        held = Counter(home[event] for event in incident.event_ids if event in home)
        found[incident.id] = tuple(sorted(held, key=lambda name: (name != incident.id, -held[name], name)))
        earlier.update((name, incident.id) for name in incident.supersedes)
    for name, through in sorted(earlier.items()):
        if name not in found:
            found[name] = (name,) if name in groups else found[through]
    return found

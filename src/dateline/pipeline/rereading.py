"""Reading a store again: the work behind `dateline reread`.

    stories that another model or configuration read --read_story--> records --Store.renew--> a new version

What was kept is the text, and where in it a story is, when and by whom it was published; that stays. All that the
model finds is read anew, under ids of its own. The story as it was read before stays, too, as the version before this
one, and what became of each of its events and claims is told as for any new version. What people have said about an
event or a claim goes on to hold for the one that was found in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dateline.pipeline.config import Config
from dateline.pipeline.journey import read_story
from dateline.pipeline.keeping import describe_run
from dateline.pipeline.resources import load_resources
from dateline.records import Id, Problem, make_id
from dateline.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What became of one story.

    outcome: "same" where the same run read it before; "renewed"; "unread" where it could not be read: it stays then.
    changes: how many of its events and claims are new, revised or withdrawn. carried: how many corrections go on.
    lost: the ids of events and claims that people had corrected and that are found no more. Their corrections stay
        with the version before.
    """

    location: str
    story_id: Id
    outcome: str
    changes: int = 0
    carried: int = 0
    lost: tuple[Id, ...] = ()
    problem: Problem | None = None


def reread(store: Store, *, config: Config | None = None) -> Iterator[Reread]:
    """Read every story that was not read by this very model, version and configuration; tell of each when it is kept.

    Doing it again does nothing; a run that was stopped is taken up by running it again.
    Raises InstallationError when the model cannot be loaded; StoreError when the store fails.
    """
    config = config or Config()
    run = describe_run(config)
    resources = load_resources(config)
    for stored in store.stories():
        story, location = stored.records.story, stored.document.location
        if stored.run_id == run.id:
            yield Reread(location=location, story_id=story.id, outcome="same")
            continue
        again = replace(story, id=make_id("story", story.id, run.id), supersedes=story.id)
        try:
            records = read_story(stored.document, again, resources, outlet=stored.outlet)
        except Exception as fault:  # as in the journey: a fault in one story is not the end of a million
            problem = Problem(
                location=location,
                message=f"this story could not be read again: {type(fault).__name__} in Dateline ({fault})",
                remedy="It stays as it was read before. Please report it with the text of the story.",
            )
            yield Reread(location=location, story_id=story.id, outcome="unread", problem=problem)
            continue
        renewed = store.renew(stored, records, run=run)
        yield Reread(
            location=location,
            story_id=again.id,
            outcome="renewed",
            changes=renewed.changes,
            carried=renewed.carried,
            lost=renewed.lost,
        )

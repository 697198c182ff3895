"""What is loaded once and then only read: the language model, the lexicons and the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass, field

from dateline import claims, events, grounding, language, reading
from dateline.pipeline.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Everything a run needs besides its inputs. Never altered after loading; safe to share between runs."""

    model: language.Model = field(repr=False)  # not shown: megabytes of numbers
    reading: reading.Lexicons = field(repr=False)
    claims: claims.Lexicons = field(repr=False)
    times: grounding.TimeLexicons = field(repr=False)
    actors: grounding.ActorKnowledge = field(repr=False)
    places: grounding.PlaceLexicons = field(repr=False)
    gazetteer: grounding.Gazetteer = field(repr=False)
    events: events.EventModel = field(repr=False)


def load_resources(config: Config | None = None) -> Resources:
    """Load the model and the lexicons, open the gazetteer: about a quarter of a CPU second, no network.

    Raises InstallationError when a file that belongs to the package is missing or damaged.
    """
    config = config or Config()
    return Resources(
        model=language.load_model(config.model_folder),
        reading=reading.load_lexicons(),
        claims=claims.load_lexicons(),
        times=grounding.load_time_lexicons(),
        actors=grounding.load_actor_knowledge(config.actor_files),
        places=grounding.load_place_lexicons(),
        gazetteer=grounding.open_gazetteer(config.gazetteer),
        events=events.load_event_model(),
    )

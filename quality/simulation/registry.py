"""The one list of kinds of people."""

from collections.abc import Mapping
from types import MappingProxyType

from quality.simulation import careless, dishonest, honest
from quality.simulation.person import Person

_ALL: tuple[type[Person], ...] = (
    honest.Competent,
    honest.HonestMinority,
    honest.SlowReader,
    honest.ScreenReader,
    honest.FastExpert,
    honest.SharedAddress,
    honest.LoneExpert,
    honest.ColourBlind,
    careless.Random,
    careless.OneLabel,
    careless.TurnsBad,
    careless.TooFast,
    careless.FollowMajority,
    dishonest.GoldAware,
    dishonest.Colluder,
    dishonest.ManyAccounts,
    dishonest.LanguageModel,
    dishonest.LabelFlipper,
    dishonest.OneClassPoisoner,
)

KINDS: Mapping[str, type[Person]] = MappingProxyType({kind.kind: kind for kind in _ALL})

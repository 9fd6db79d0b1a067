"""What is believed about each item, from people and a model that has to earn its voice."""

from quality.inference.belief.fit import Belief, fit_belief

__all__ = ["Belief", "fit_belief"]

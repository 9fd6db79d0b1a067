"""The names of this app's long work, and what each is in the loop's words."""

from learning.loop_rules import Action

FEATURES = "learning.features"
RETRAIN = "learning.retrain"
ROUND = "learning.query_round"
FUNCTIONS = "learning.functions"
PREDICT = "learning.predict"
PEOPLE = "learning.people"
VECTORS = "learning.vectors"

ACTIONS = {FEATURES: Action.FEATURES, RETRAIN: Action.RETRAIN, ROUND: Action.ROUND}

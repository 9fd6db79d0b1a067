"""The model beside the crowd: what it learns from, what it asked, how good it is, what it may take over."""

from learning.models.certificates import Certificate, CertificateState
from learning.models.external import Circuit
from learning.models.features import FeatureBlock, FeatureSpace
from learning.models.functions import FunctionBlock, LabelingFunction
from learning.models.learned import HeldOut, Metric, ModelVersion, PredictionBlock, QueryRound
from learning.models.people import TurnedAway
from learning.models.plans import Plan, first_stop_rules
from learning.models.streams import Stream, Streamed
from learning.models.synthetic import Synthetic, SyntheticWork

__all__ = [
    "Certificate",
    "CertificateState",
    "Circuit",
    "FeatureBlock",
    "FeatureSpace",
    "FunctionBlock",
    "HeldOut",
    "LabelingFunction",
    "Metric",
    "ModelVersion",
    "Plan",
    "PredictionBlock",
    "QueryRound",
    "Stream",
    "Streamed",
    "Synthetic",
    "SyntheticWork",
    "TurnedAway",
    "first_stop_rules",
]

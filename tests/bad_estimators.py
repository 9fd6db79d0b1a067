"""Estimators that fail, each in its way. In a module of their own: another process imports them too."""

import os
import time

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin


class Raises(ClassifierMixin, BaseEstimator):
    def fit(self, features, label):
        raise RuntimeError("no more memory")

    def predict_proba(self, features):
        return np.ones((len(features), 1))


class Nonsense(ClassifierMixin, BaseEstimator):
    value = np.nan

    def fit(self, features, label):
        self.classes_ = np.unique(label)
        return self

    def predict_proba(self, features):
        return np.full((len(features), len(self.classes_)), self.value)


class NoProbabilities(Nonsense):
    value = 3.0


class Hangs(Nonsense):
    def fit(self, features, label):
        while True:
            time.sleep(1)


class Dies(Nonsense):
    def fit(self, features, label):
        os._exit(9)

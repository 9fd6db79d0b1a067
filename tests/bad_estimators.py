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


class Sound(ClassifierMixin, BaseEstimator):
    """Learns nothing but the share of each label, and says so."""

    def fit(self, features, label):
        self.classes_, counts = np.unique(label, return_counts=True)
        self.shares_ = counts / counts.sum()
        self.taught_ = len(features)
        return self

    def predict_proba(self, features):
        print("what a class prints is no answer")  # noqa: T201
        if self.taught_ >= 40:  # all of the lessons: no fold has so many
            self.about_all(features)
        return np.tile(self.shares_, (len(features), 1))

    def about_all(self, features):
        pass


class HangsLater(Sound):
    def about_all(self, features):
        while True:
            time.sleep(1)


class RaisesLater(Sound):
    def about_all(self, features):
        raise RuntimeError("no such leaf")


class DiesLater(Sound):
    def about_all(self, features):
        os._exit(0)


class NonsenseLater(Sound):
    def about_all(self, features):
        self.shares_ = np.full(len(self.classes_), 3.0)

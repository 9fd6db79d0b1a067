"""A stored model is loaded only if it is ours: signature and types both hold."""

import io
import zipfile

import numpy as np
import pytest
import skops.io
from sklearn.preprocessing import FunctionTransformer

from learning import sealing
from learning.estimators import registry, training
from learning.estimators.examples import Examples
from learning.models import ModelVersion


def fitted(name):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, 3))
    posterior = np.eye(2)[(features[:, 0] > 0).astype(int)]
    recipe = registry.get(name)
    make = next(iter(recipe.settings.values()))
    return training.fit(make, Examples(features, posterior, np.ones(60)), seed=0), features


def sealed(classifier, estimator="logistic", **fields):
    values = {"project_id": 7, "number": 3, "parameters": {"temperature": 1.25}, **fields}
    version = ModelVersion(estimator=estimator, labels_seen=60, **values)
    sealing.seal(version, classifier)
    return version


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", registry.names())
def test_every_kind_of_model_comes_back_and_predicts_the_same(name):
    classifier, features = fitted(name)
    again = sealing.unseal(sealed(classifier, name))
    assert np.array_equal(again.predict_proba(features), classifier.predict_proba(features))


def test_a_changed_byte_is_refused():
    version = sealed(fitted("logistic")[0])
    blob = bytearray(version.blob)
    blob[len(blob) // 2] ^= 1
    version.blob = bytes(blob)
    with pytest.raises(sealing.TamperedModel, match="signature"):
        sealing.unseal(version)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project_id", 8),
        ("number", 4),
        ("parameters", {"temperature": 9.0}),
        ("signature", "0" * 64),
    ],
)
def test_a_model_in_anothers_place_is_refused(field, value):
    version = sealed(fitted("logistic")[0])
    setattr(version, field, value)
    with pytest.raises(sealing.TamperedModel):
        sealing.unseal(version)


def test_another_secret_key_signs_another_world(settings):
    version = sealed(fitted("logistic")[0])
    settings.SECRET_KEY = "another key that is long enough to be one, or so it says"
    with pytest.raises(sealing.TamperedModel):
        sealing.unseal(version)


def test_a_key_that_was_rotated_still_opens_older_models(settings):
    version = sealed(fitted("logistic")[0])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough to be one, or so it says"
    assert sealing.unseal(version)


def test_foreign_types_are_not_stored():
    with pytest.raises(sealing.ForeignTypes, match="print"):
        sealed(FunctionTransformer(func=print))


def test_foreign_types_are_refused_even_under_our_signature(settings):
    version = sealed(fitted("logistic")[0])
    version.blob = skops.io.dumps(FunctionTransformer(func=print))
    version.signature = sealing._signature(version, settings.SECRET_KEY)
    with pytest.raises(sealing.TamperedModel, match="types"):
        sealing.unseal(version)


def test_no_pickle_is_inside():
    blob = sealed(fitted("forest")[0], "forest").blob
    names = zipfile.ZipFile(io.BytesIO(blob)).namelist()
    assert names
    assert not [name for name in names if name.endswith((".pkl", ".pickle"))]
    assert not skops.io.get_untrusted_types(data=sealed(fitted("logistic")[0]).blob)

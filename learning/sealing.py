"""Models as signed bytes. Never pickle: skops writes data, and loads only types that are named.

The signature (HMAC-SHA256, keyed from SECRET_KEY for this purpose alone) covers the bytes together with
what they belong to: a model can be neither altered nor put in another's place by somebody who can write
to the database but does not know the key.

Models of classes that are not ours are never loaded in this process (``learning.apart``).
"""

import hmac
import json
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from learning.allowed import NotAllowed
from learning.apart import ApartClassifier
from learning.estimators import numbers
from learning.estimators.registry import UnknownEstimator
from learning.models import ModelVersion
from learning.recipes import is_foreign, recipe_for
from learning.says import Says, said_by

SETS = "learning.estimators.sets.SetsClassifier"
PURPOSE = "assay.learning.model"


class TamperedModel(Exception):
    """The stored model is not what Assay wrote; it was not loaded. The message is for people."""


class ForeignTypes(Exception):
    """The fitted classifier holds types that would not be loaded again; the message names them."""


def seal(version: ModelVersion, classifier: Any) -> None:
    """Put the fitted classifier into the (unsaved) row and sign it with all that it belongs to.

    Raises ForeignTypes, so that nothing is stored that could not be read.
    """
    import skops.io  # takes longer than all of Assay, and most processes see no model

    apart = isinstance(classifier, ApartClassifier)
    version.blob = classifier.blob if apart else skops.io.dumps(classifier)
    foreign = set(skops.io.get_untrusted_types(data=version.blob)) - set(_trusted(version))
    if foreign:
        names = ", ".join(sorted(foreign))
        raise ForeignTypes(f"the estimator cannot be stored safely: it holds {names}"[:300])
    version.signature = _signature(version, settings.SECRET_KEY)


def unseal(version: ModelVersion) -> Any:
    """The classifier. Raises TamperedModel unless signature and types are ours."""
    if not _is_ours(version):
        raise TamperedModel(f"model {version.number}: the signature does not fit the stored bytes")
    import skops.io

    trusted = _trusted(version)
    blob = bytes(version.blob)
    foreign = set(skops.io.get_untrusted_types(data=blob)) - set(trusted)
    if foreign:
        raise TamperedModel(f"model {version.number} holds types that are not loaded")
    if is_foreign(version.estimator):
        return ApartClassifier(version.project_id, version.estimator, blob, trusted)
    return skops.io.loads(blob, trusted=list(trusted))


def _trusted(version: ModelVersion) -> tuple[str, ...]:
    """An estimator that is not allowed (any more) has nothing that is trusted beyond skops' own list."""
    if said_by(version) is Says.NUMBER:
        return numbers.trusted(version.estimator)
    ours = (SETS,) if said_by(version) is Says.LABELS else ()
    try:
        return ours + recipe_for(version.estimator, version.project_id).trusted
    except (UnknownEstimator, NotAllowed):
        return ()


def _is_ours(version: ModelVersion) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_signature(version, key), version.signature) for key in keys)


def _signature(version: ModelVersion, key: str | bytes) -> str:
    about = [version.project_id, version.number, version.estimator, version.parameters]
    message = json.dumps(about, sort_keys=True).encode() + b"\0" + bytes(version.blob)
    return salted_hmac(PURPOSE, message, secret=key, algorithm="sha256").hexdigest()

"""All estimators by name: the only place that lists them.

A recipe is one or a few settings of one scikit-learn classifier, from strongly to weakly
regularised; training takes the setting that predicts held-out beliefs best. ``trusted`` names the
types beyond skops' own list that a stored model of this recipe may hold, and nothing else is ever
loaded. The types there hold arrays and numbers only. Beyond ``largest`` examples some are left out.
scikit-learn is imported when a classifier is made: the names are wanted by processes that never train.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Make = Callable[[int], Any]


class UnknownEstimator(ValueError):
    """No estimator has that name."""


@dataclass(frozen=True)
class Recipe:
    """``settings``: what the setting is called -> makes the unfitted classifier from a seed."""

    name: str
    settings: dict[str, Make]
    trusted: tuple[str, ...] = ()
    largest: int | None = None


def get(name: str) -> Recipe:
    if name not in _RECIPES:
        raise UnknownEstimator(f"no estimator {name!r}; there are {', '.join(names())}")
    return _RECIPES[name]


def names() -> list[str]:
    return sorted(_RECIPES)


def weight_argument(classifier: Any) -> str | None:
    """How ``fit`` of this classifier wants its sample weights to be called; None if it takes none."""
    from sklearn.utils.validation import has_fit_parameter

    name, last = classifier.steps[-1] if hasattr(classifier, "steps") else ("", classifier)
    if not has_fit_parameter(last, "sample_weight"):
        return None
    return f"{name}__sample_weight" if name else "sample_weight"


def _logistic(strength: float) -> Make:
    def make(_seed: int) -> Any:
        from sklearn.linear_model import LogisticRegression

        # Beliefs are noisy: the fourth digit of a coefficient is not worth an iteration.
        return _standardised(LogisticRegression(C=strength, tol=1e-3, max_iter=500))

    return make


def _sgd(alpha: float) -> Make:
    def make(seed: int) -> Any:
        from sklearn.linear_model import SGDClassifier

        return _standardised(
            SGDClassifier(loss="log_loss", alpha=alpha, average=True, random_state=seed)
        )

    return make


def _standardised(classifier: Any) -> Any:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), classifier)


def _boosting(seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=60,
        max_leaf_nodes=15,
        min_samples_leaf=5,
        early_stopping=False,
        random_state=seed,
    )


def _forest(seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        n_estimators=100, max_depth=14, min_samples_leaf=2, random_state=seed
    )


def _bagged(seed: int) -> Any:
    from sklearn.ensemble import BaggingClassifier
    from sklearn.linear_model import LogisticRegression

    member = _standardised(LogisticRegression(C=0.1, tol=1e-3, max_iter=500))
    return BaggingClassifier(member, n_estimators=7, max_samples=0.8, random_state=seed)


def _mixed(seed: int) -> Any:
    from sklearn.ensemble import VotingClassifier

    members = [("logistic", _logistic(0.1)(seed)), ("forest", _forest(seed)), ("bayes", _bayes())]
    return VotingClassifier(members, voting="soft")


def _bayes() -> Any:
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB(var_smoothing=1e-3)


def _gaussian_process(seed: int) -> Any:
    from sklearn.gaussian_process import GaussianProcessClassifier
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel

    kernel = ConstantKernel(1.0, (0.1, 100)) * RBF(5.0, (0.5, 100))
    return _standardised(GaussianProcessClassifier(kernel, random_state=seed))


def _ordinal(strength: float) -> Make:
    def make(_seed: int) -> Any:
        from learning.estimators.ordinal import OrdinalClassifier

        return _standardised(OrdinalClassifier(C=strength))

    return make


_PROCESS = tuple(
    f"sklearn.gaussian_process.{name}"
    for name in (
        "_gpc._BinaryGaussianProcessClassifierLaplace",
        "kernels.ConstantKernel",
        "kernels.Product",
        "kernels.RBF",
    )
)
_RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("logistic", {f"C={c:g}": _logistic(c) for c in (0.01, 0.1, 1.0, 10.0)}),
        Recipe("sgd", {f"alpha={a:g}": _sgd(a) for a in (1e-2, 1e-3, 1e-4)}),
        Recipe(
            "boosting",
            {"60 trees": _boosting},
            ("sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",),
        ),
        Recipe("forest", {"100 trees": _forest}, ("sklearn.tree._tree.Tree",)),
        Recipe("committee", {"bootstrap": _bagged}),
        Recipe(
            "mixed_committee",
            {"mixed": _mixed},
            ("sklearn.tree._tree.Tree", "sklearn.utils._bunch.Bunch"),  # a dict with attributes
        ),
        # Its time grows with the third power of the labels: for small pools.
        Recipe("gaussian_process", {"RBF": _gaussian_process}, _PROCESS, largest=500),
        Recipe(
            "ordinal",
            {f"C={c:g}": _ordinal(c) for c in (0.01, 0.1, 1.0)},
            ("learning.estimators.ordinal.OrdinalClassifier",),
        ),
    )
}

"""The examples of docs/quality.md run, one after the other, and say what they are said to say."""

import re
from pathlib import Path

import numpy as np

PAGE = Path(__file__).resolve().parents[3] / "docs" / "quality.md"


def test_the_examples_run_and_give_what_the_page_says():
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 3
    known: dict[str, object] = {}
    for example in examples:
        exec(example, known)
    assert (list(known["found"].items_), list(known["found"].classes_)) == (
        ["t1", "t2"],
        ["cat", "dog"],
    )
    assert known["Auto"]().fit_predict(known["answers"]) == {"t1": "cat", "t2": "dog"}
    assert known["fit"].label.tolist() == [0, 1]
    assert known["numbers"].value_[1] == 1.5
    assert np.isfinite(known["numbers"].reliability_.low).all()

import numpy as np
import pytest

from quality.inference.scores import word_error_rate
from quality.inference.text import TextConsensus, distance
from quality.inference.text_alignment import Sequences, align, edit_distance, edit_distances
from quality.inference.text_medoid import MedoidConsensus
from quality.inference.text_words import key_of, words_of
from quality.inference.typed_answers import TypedAnswers

WORDS = [a + b + c for a in "bdfgk" for b in "aeiou" for c in ("ran", "lin", "mos", "tep")]


def plain_edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def test_batched_edit_distances_agree_with_the_plain_one():
    rng = np.random.default_rng(0)
    texts = [rng.integers(0, 4, rng.integers(0, 9)).tolist() for _ in range(200)]
    others = [rng.integers(0, 4, rng.integers(0, 9)).tolist() for _ in range(200)]
    expected = [plain_edit_distance(a, b) for a, b in zip(texts, others, strict=True)]
    assert edit_distances(Sequences.of(texts), Sequences.of(others)).tolist() == expected


def test_an_alignment_uses_every_word_of_both_sides_once():
    rng = np.random.default_rng(1)
    masks = rng.integers(0, 2**60, 4).astype(np.uint64)
    texts = Sequences.of([rng.integers(0, 4, rng.integers(0, 9)) for _ in range(50)])
    references = Sequences.of([rng.integers(0, 4, rng.integers(0, 9)) for _ in range(50)])
    aligned = align(texts, references, masks)
    used = np.bincount(aligned.text[aligned.word >= 0], minlength=50)
    met = np.bincount(aligned.text[~aligned.extra], minlength=50)
    assert (used == texts.length).all()
    assert (met == references.length).all()


@pytest.fixture(scope="module")
def transcripts():
    """60 sentences; people 0..5 garble 8 % of the words, 6..8 half of them."""
    rng = np.random.default_rng(2)
    error = np.array([0.08] * 6 + [0.5] * 3)
    truth = [" ".join(rng.choice(WORDS, rng.integers(4, 15))) for _ in range(60)]
    rows = []
    for i, sentence in enumerate(truth):
        people = rng.choice(9, 5, replace=False)
        rows.extend((i, a, garbled(rng, sentence.split(), error[a])) for a in people)
    item, annotator, said = (list(column) for column in zip(*rows, strict=True))
    return truth, TypedAnswers.from_codes(item, annotator, said)


def garbled(rng, words, error):
    out = []
    for word in words:
        kind = rng.random()
        if kind < 0.2 * error:
            continue
        out.append(word if kind >= error else str(rng.choice(WORDS)))
        if rng.random() < 0.1 * error:
            out.append(str(rng.choice(WORDS)))
    return " ".join(out)


def test_the_vote_beats_the_medoid_and_both_beat_the_typical_person(transcripts):
    truth, answers = transcripts
    typical = word_error_rate(answers.label, [truth[i] for i in answers.item])
    vote = word_error_rate(TextConsensus().fit(answers).value_, truth)
    medoid = word_error_rate(MedoidConsensus().fit(answers).value_, truth)
    assert vote < 0.5 * medoid
    assert medoid < 0.6 * typical


def test_careless_people_are_found_out(transcripts):
    _, answers = transcripts
    for model in (TextConsensus().fit(answers), MedoidConsensus().fit(answers)):
        people = model.reliability_
        assert people.value[:6].min() > people.value[6:].max()
        assert ((people.low <= people.value) & (people.value <= people.high)).all()


def test_confidence_is_about_the_share_of_right_words(transcripts):
    truth, answers = transcripts
    model = TextConsensus().fit(answers)
    right = 1 - word_error_rate(model.value_, truth)
    assert abs(model.confidence_.mean() - right) < 0.08


def test_two_runs_give_the_same(transcripts):
    _, answers = transcripts
    assert TextConsensus().fit(answers).value_ == TextConsensus().fit(answers).value_


def fit(*texts):
    people = list(range(len(texts)))
    return TextConsensus().fit(TypedAnswers.from_codes([0] * len(texts), people, list(texts)))


def test_missing_words_are_put_back_and_extra_ones_left_out():
    model = fit(
        "the old man sat down", "the old man sat", "the man sat down um", "old man sat down"
    )
    assert model.value_ == ["the old man sat down"]


def test_case_and_punctuation_follow_the_majority():
    assert fit("Hello, World!", "Hello, World!", "hello world").value_ == ["Hello, World!"]


@pytest.mark.parametrize(
    "text",
    [
        "שלום עולם, מה שלומך?",
        "مرحبا بالعالم",
        "nice 👍🏽 work 👩‍👩‍👧",
        "我喜欢看书。",
        "straße ÉCOLE ﬁne",
        "สวัสดีครับ",
        "a\u0301 e\u0301",
        "...",
        "",
        "   ",
        "x" * 3000,
    ],
)
def test_what_all_write_is_the_value(text):
    model = fit(text, text, text)
    shown = text.strip() if words_of(text) else ""
    assert model.value_ == [shown]
    assert 0.5 < model.confidence_[0] <= 1.0


def test_chinese_is_compared_character_by_character():
    assert fit("我喜欢看书", "我喜欢看书", "我喜欢看树").value_ == ["我喜欢看书"]
    assert distance("我喜欢看书", "我喜欢看树") == pytest.approx(0.2)


def test_keys_ignore_case_composition_and_punctuation():
    assert key_of("Don’t!") == key_of("DON'T") == "dont"
    assert key_of("E\u0301cole") == key_of("\u00e9cole")
    assert key_of("--") == ""


def test_empty_and_lonely_input_is_defined():
    nothing = TextConsensus().fit(TypedAnswers.from_codes([], [], []))
    assert nothing.value_ == []
    lonely = TypedAnswers(np.array([1]), np.array([0]), ["one word"], 2, 1)
    for model in (TextConsensus().fit(lonely), MedoidConsensus().fit(lonely)):
        assert model.value_ == ["", "one word"]
        assert model.confidence_[0] == 0.0
        assert 0 < model.confidence_[1] < 1
        assert np.isfinite(model.reliability_.value).all()


def test_distance_is_a_share_of_words():
    assert distance("", "") == 0.0
    assert distance("a b c d", "a b c") == 0.25
    assert distance("a", "") == 1.0
    assert edit_distance(["a"], ["b", "a"]) == 1

import gzip

import pytest

from quality.inference.layouts import (
    LayoutError,
    boxes_from,
    number_from,
    read_boxes,
    read_comparisons,
    read_numbers,
    read_ordinal,
    read_spans,
    read_texts,
    spans_from,
)


@pytest.fixture
def write(tmp_path):
    def write(text, name="answers.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_columns_may_be_called_task_and_annotator(write):
    read = read_numbers(write("annotator,note,task,label\nben,x,t2,3\nada,x,t1,4.5\n"))
    assert read.items == ["t1", "t2"]
    assert read.annotators == ["ada", "ben"]
    assert list(read.answers.label) == [3.0, 4.5]


def test_gzip_and_a_byte_order_mark_are_read_whatever_the_name(write):
    text = "\ufeffitem,worker,label\n1,ada,7\n".encode()
    assert list(read_numbers(write(gzip.compress(text))).answers.label) == [7.0]
    assert list(read_numbers(write(text)).answers.label) == [7.0]


def test_the_last_answer_of_a_person_about_an_item_counts(write):
    read = read_texts(write("item,worker,label\n1,ada,old\n2,ada,\n1,ada,new\n"))
    assert list(read.answers.label) == ["", "new"]


def test_texts_keep_every_script_quotes_and_line_breaks(write):
    said = 'שלום, "👍🏽"\nمرحبا'
    quoted = said.replace('"', '""')
    read = read_texts(write(f'item,worker,label\n1,ada,"{quoted}"\n'))
    assert list(read.answers.label) == [said]


def test_texts_longer_than_the_csv_module_expects_are_read(write):
    read = read_texts(write("item,worker,label\n1,ada," + "word " * 40_000 + "\n"))
    assert len(read.answers.label[0]) == 200_000


def test_spans_and_boxes_are_json(write):
    spans = read_spans(write('item,worker,label\n1,ada,"[[0, 4], [6, 6]]"\n1,ben,[]\n'))
    assert list(spans.answers.label) == [[(0, 4), (6, 6)], []]
    boxes = read_boxes(write('item,worker,label\n1,ada,"[[0, 1, 2.5, 3]]"\n'))
    assert list(boxes.answers.label) == [[(0.0, 1.0, 2.5, 3.0)]]


def test_ordered_classes_are_numbers_in_their_order(write):
    read = read_ordinal(write("item,worker,label\n1,ada,10\n1,ben,2\n1,cy,2.0\n2,ada,-1\n"))
    assert read.classes == ["-1", "2", "10"]
    assert list(read.coded.answers.label) == [2, 1, 1, 0]


def test_comparisons_come_with_columns_or_in_the_item(write):
    columns = read_comparisons(write("left,right,worker,label\na,b,ada,b\nb,c,ada,tie\n"))
    packed = read_comparisons(write("item,worker,label\na|b,ada,b\nb|c,ada,\n"))
    for read in (columns, packed):
        assert read.things == ["a", "b", "c"]
        assert read.answers.outcome.tolist() == [-1, 0]


def test_a_comparison_repeated_the_other_way_round_is_the_same_one(write):
    read = read_comparisons(write("left,right,worker,label\na,b,ada,a\nb,a,ada,b\n"))
    assert read.answers.outcome.tolist() == [1]
    assert read.answers.left.tolist() == [1]


def test_a_header_alone_is_a_file_without_answers(write):
    assert len(read_numbers(write("item,worker,label\n")).answers) == 0
    assert read_comparisons(write("left,right,worker,label\n")).things == []


@pytest.mark.parametrize(
    ("read", "text", "row", "column"),
    [
        (read_numbers, "", 1, "item"),
        (read_numbers, "item,label\n", 1, "worker"),
        (read_numbers, "item,worker,label\n1,ada,3\n1,ben,many\n", 3, "label"),
        (read_numbers, "item,worker,label\n1,ada,nan\n", 2, "label"),
        (read_numbers, "item,worker,label\n,ada,3\n", 2, "item"),
        (read_numbers, "item,worker,label\n1,,3\n", 2, "worker"),
        (read_numbers, "item,worker,label\n1,ada\n", 2, "label"),
        (read_numbers, "item,worker,label\n1,ada,3,4\n", 2, "label"),
        (read_texts, b"item,worker,label\n1,ada,\xff\n", 2, "label"),
        (read_spans, "item,worker,label\n1,ada,3-4\n", 2, "label"),
        (read_spans, 'item,worker,label\n1,ada,"[[4, 3]]"\n', 2, "label"),
        (read_spans, 'item,worker,label\n1,ada,"[[1.5, 3]]"\n', 2, "label"),
        (read_spans, 'item,worker,label\n1,ada,"{""a"": 1}"\n', 2, "label"),
        (read_boxes, 'item,worker,label\n1,ada,"[[1, 2, 3]]"\n', 2, "label"),
        (read_boxes, 'item,worker,label\n1,ada,"[[1, 2, 3, Infinity]]"\n', 2, "label"),
        (read_ordinal, "item,worker,label\n1,ada,good\n", 2, "label"),
        (read_comparisons, "left,right,worker,label\na,b,ada,c\n", 2, "label"),
        (read_comparisons, "left,right,worker,label\na,a,ada,a\n", 2, "right"),
        (read_comparisons, "item,worker,label\na-b,ada,a\n", 2, "item"),
    ],
)
def test_what_does_not_fit_names_its_row_and_column(write, read, text, row, column):
    with pytest.raises(LayoutError) as error:
        read(write(text))
    assert (error.value.row, error.value.column) == (row, column)
    assert f"row {row}" in str(error.value)


def test_a_damaged_gzip_file_is_a_layout_error(write):
    whole = gzip.compress(b"item,worker,label\n" + b"1,ada,3\n" * 1000)
    with pytest.raises(LayoutError, match="gzip"):
        read_numbers(write(whole[: len(whole) // 2]))


def test_long_labels_are_not_repeated_in_full():
    with pytest.raises(ValueError, match=r"^.{0,80}$"):
        number_from("9" * 5000 + "x")


def test_parsers_refuse_deep_nesting():
    for parse in (spans_from, boxes_from):
        with pytest.raises(ValueError, match="JSON"):
            parse("[" * 100_000)

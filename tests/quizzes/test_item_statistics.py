"""`manage.py item_statistics`: what it reads, what it prints, what it refuses."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

STAIRS = "Q1,Q2,Q3\n1,1,1\n1,1,0\n1,0,0\n0,0,0\n"


def run(tmp_path, data, *arguments):
    """(the JSON printed, the exit code)"""
    file = tmp_path / "responses.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    out = StringIO()
    try:
        call_command("item_statistics", str(file), "--json", *arguments, stdout=out)
    except SystemExit as end:
        return json.loads(out.getvalue()), end.code
    return json.loads(out.getvalue()), 0


def test_it_prints_exactly_what_was_promised(tmp_path):
    found, code = run(tmp_path, STAIRS)
    assert (code, set(found)) == (0, {"n", "items", "mean", "sd", "alpha", "alpha_interval", "sem"})
    assert set(found["items"][0]) == {"name", "facility", "facility_interval", "item_rest", "alpha_if_deleted"}
    assert (found["n"], round(found["alpha"], 9), found["mean"]) == (4, 0.75, 1.5)
    low, high = found["items"][0]["facility_interval"]
    assert low < found["items"][0]["facility"] == 0.75 < high


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + STAIRS.encode(),
        STAIRS.replace(",", ";").encode(),
        STAIRS.replace(",", "\t").encode(),
        STAIRS.replace("\n", "\r\n").encode() + b"\r\n,,\r\n",
        STAIRS.replace("\n1,", "\n１,").encode("gb18030"),
        STAIRS.encode("utf-16"),
        STAIRS.replace("1,1,1", "1.0,1,+1").encode(),
    ],
)
def test_files_as_offices_save_them_say_the_same(tmp_path, data):
    assert run(tmp_path, data) == run(tmp_path, STAIRS)


def test_chinese_headers_are_kept(tmp_path):
    found, _code = run(tmp_path, "第一题,第二题：问候\n1,0\n0,1\n1,1\n".encode("gb18030"))
    assert [item["name"] for item in found["items"]] == ["第一题", "第二题：问候"]
    assert found["items"][0]["alpha_if_deleted"] is None


def test_an_empty_cell_is_missing_and_points_are_measured_by_the_largest_or_by_max(tmp_path):
    data = "Q1,Q2\n2,1\n1,0\n0,1\n2,\n"
    found, _code = run(tmp_path, data)
    assert (found["n"], found["items"][0]["facility"]) == (3, 0.5)
    assert run(tmp_path, data, "--max", "4")[0]["items"][0]["facility"] == 0.25


def test_where_nobody_has_every_item_each_is_judged_on_those_who_had_it(tmp_path):
    found, code = run(tmp_path, "Q1,Q2,Q3\n1,1,\n0,,1\n,1,0\n1,0,\n")
    assert (code, found["n"], found["alpha"], found["mean"]) == (0, 4, None, None)
    assert [round(item["facility"], 3) for item in found["items"]] == [0.667, 0.667, 0.5]


def test_what_cannot_be_computed_is_null(tmp_path):
    found, code = run(tmp_path, "Q1\n1\n")
    assert (code, found["n"], found["alpha"], found["alpha_interval"], found["sem"]) == (0, 1, None, None, None)
    assert found["items"][0]["item_rest"] is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("name,Q1\n李敏,1\n", "Row 2, column name: “李敏” is no number"),
        ("Q1,Q2\n1,0\n1,x\n", "Row 3, column Q2: “x” is no number"),
        ("Q1,Q2\n1,nan\n", "Row 2, column Q2: “nan” is no number"),
        ("Q1,Q1\n1,0\n", "“Q1” stands twice"),
        ("Q1,,Q3\n1,0,1\n", "Row 1, column 2: the header is empty"),
        ("Q1,Q2\n1,0,1\n", "Row 2: 3 cells under 2 headers"),
        ("Q1,Q2\n", "There is no row under the header"),
        ("", "The file is empty"),
        (b"PK\x03\x04zip", "a Word, Excel or zip file"),
    ],
)
def test_a_table_it_cannot_read_is_refused_with_the_place(tmp_path, data, said):
    found, code = run(tmp_path, data)
    assert (code, list(found)) == (1, ["error"])
    assert said in found["error"]


def test_a_column_that_is_no_item_is_left_out_by_name(tmp_path):
    found, code = run(tmp_path, "姓名,Q1,Q2\n李敏,1,0\n王芳,0,1\n", "--ignore", "姓名")
    assert (code, [item["name"] for item in found["items"]]) == (0, ["Q1", "Q2"])
    assert "no column is called “班”" in run(tmp_path, STAIRS, "--ignore", "班")[0]["error"]
    assert "more than the 0.5 points" in run(tmp_path, STAIRS, "--max", "0.5")[0]["error"]


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("item_statistics", str(tmp_path / "none.csv"), "--json", stdout=out)
    assert "No such file" in json.loads(out.getvalue())["error"]


def test_without_json_it_is_a_table(tmp_path):
    file, out = tmp_path / "responses.csv", StringIO()
    file.write_text(STAIRS)
    call_command("item_statistics", str(file), stdout=out)
    first, *_rest = out.getvalue().splitlines()
    assert first == "4 persons, 3 items; 0 rows left out (cells missing)"
    assert "alpha 0.750 (" in out.getvalue()

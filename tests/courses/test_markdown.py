import re

import pytest

from courses.markdown import render, render_asked, render_line


def test_markdown_renders_a_list():
    assert render("- 一\n- 二") == "<ul>\n<li>一</li>\n<li>二</li>\n</ul>\n"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**注意：**请微笑", "<p><strong>注意：</strong>请微笑</p>\n"),
        ("先说**“您好”**再问", "<p>先说<strong>“您好”</strong>再问</p>\n"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>\n"),
        ("`**a**`", "<p><code>**a**</code></p>\n"),
        ("snake_case_name", "<p>snake_case_name</p>\n"),
        ("**bold**, then", "<p><strong>bold</strong>, then</p>\n"),
    ],
)
def test_emphasis_beside_hanzi_needs_no_space(source, html):
    assert render(source) == html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        '<img src=x onerror="alert(1)">',
        '<a hx-get="/x" href="/y">z</a>',
    ],
)
def test_markdown_drops_what_could_run(source):
    html = render(source)
    assert not any(word in html for word in ("<script", "<img", 'href="javascript', 'href="data', "<a hx-"))


HOSTILE = [
    "<script>alert(1)</script>",
    "![x](javascript:alert(1))",
    "![x](https://elsewhere.example/x.png)",
    "![x](//elsewhere.example/x.png)",
    "![x](image:unknown)",
    '<img src=x onerror="alert(1)">',
    "[x](javascript:alert(1))",
    "![](image:p1 \"onerror=alert(1)\")",
    "`<b>`",
]  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE)
def test_a_question_shows_no_picture_but_its_own_and_runs_nothing(source):
    pictures = (("p1", "/items/images/0/", '"><script>alert(2)</script>'),)
    html = "".join(render_asked(f"Before {source} after", pictures)) + render_line(source)
    assert re.findall('src="([^"]*)"', html) == ["/items/images/0/"]
    assert set(re.findall("<([a-z0-9]+)", html)) <= {"p", "img", "code", "a"}
    assert not re.search(r"<[^>]*(\son[a-z]+=|javascript:|elsewhere)", html)


def test_the_first_paragraph_is_the_heading_and_the_rest_follows():
    asked = render_asked("Which **one**?\n\n- a\n- b", (("p1", "/1/", "A bow"),))
    assert asked.head == "Which <strong>one</strong>?"
    assert asked.rest.replace("\n", "") == '<ul><li>a</li><li>b</li></ul><p><img src="/1/" alt="A bow"></p>'


def test_a_picture_stands_where_it_is_written_and_once():
    asked = render_asked("Look:\n\n![](image:p1)\n\nthen judge", (("p1", "/1/", "A bow"),))
    assert asked.rest.count("<img") == 1 and asked.rest.index("<img") < asked.rest.index("then judge")
    assert 'alt="A bow"' in asked.rest


@pytest.mark.parametrize("source", ["（____）和（____）", "At ____ rings, ____ minutes", "请您____，我____来"])
def test_a_gap_stays_a_gap(source):
    assert render_asked(source).head == source
    assert render_line(source) == source

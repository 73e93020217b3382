import pytest

from courses.markdown import render


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

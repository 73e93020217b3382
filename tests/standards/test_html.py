"""HTML, and Word by way of it, becomes the lines that the importer reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.formats.html import lines_of
from standards.formats.text import parse


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<h1>Front desk</h1><p>Greet first.</p>", ["# Front desk", "Greet first."]),
        ("<ul><li>One<li>Two</ul>", ["- One", "- Two"]),
        ("<ol start=3><li>Three</li><li>Four</li></ol>", ["3. Three", "4. Four"]),
        ("<ol><li>One<ul><li>Inner</li></ul></li><li>Two</li></ol>", ["1. One", "  - Inner", "2. Two"]),
        ("<li><p>One</p><p>and more</p></li>", ["- One", "  and more"]),
        (
            "<table><tr><th>No</th><th>Rule</th></tr><tr><td>1</td><td>Say <b>please</b>|thanks</td></tr></table>",
            ["| No | Rule |", "|---|---|", "| 1 | Say please\\|thanks |"],
        ),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", ["| a b | c |"]),
        ("<blockquote><p>quoted</p></blockquote><p>not</p>", ["> quoted", "not"]),
        ("a<br>b", ["a", "b"]),
        (
            "<head><title>t</title></head><script>x</script><style>y</style><p>read&nbsp;me &amp; you</p>",
            ["read me & you"],
        ),
        ("<p>open<p>never closed", ["open", "never closed"]),
        ("", []),
    ],
)
def test_each_block_is_a_line(html, lines):
    assert lines_of(html).splitlines() == lines


def test_the_clauses_of_a_page_are_found():
    html = "<h1>药房 | Pharmacy</h1><h2>见面</h2><ol><li>先问好。</li><li>双手接过处方。</li></ol>"
    parsed = parse(lines_of(html))
    assert [(row["heading"], row["number"], row["text"]) for row in parsed.clauses] == [
        (["见面"], "1", {"zh": "先问好。"}),
        (["见面"], "2", {"zh": "双手接过处方。"}),
    ]


TAGS = ["p", "ul", "ol", "li", "table", "tr", "td", "th", "h2", "blockquote", "script", "br", "div", "b"]
MARKUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.text("甲乙ab |#>-\n&<", max_size=6),
    ),
    max_size=60,
).map("".join)


@given(MARKUP)
def test_no_markup_breaks_it_and_every_line_has_words(html):
    assert all(line.strip() for line in lines_of(html).splitlines())

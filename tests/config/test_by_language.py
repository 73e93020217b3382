"""Templates compiled for a language say what they said when everything was asked for on every page."""

import pytest
from django.template import engines
from django.utils import translation
from markupsafe import Markup


def page(source, language, **context):
    with translation.override(language):
        return engines["jinja2"].from_string(source).render(context)


@pytest.mark.parametrize(("language", "word"), [("en", "Passed"), ("zh-hans", "及格")])
def test_a_sentence_is_that_of_the_language_in_force(language, word):
    assert page('{{ _("Passed") }}', language) == word
    assert page("{% trans %}Passed{% endtrans %}", language) == word
    assert page("{{ language() }}", language) == language


def test_what_stands_in_the_places_of_a_sentence_is_escaped_and_the_sentence_is_not():
    source = "{% trans start=a, end=b, count=3 %}<b>{{ start }} to {{ end }}</b> of {{ count }}{% endtrans %}"
    said = page(source, "en", a="<script>", b=Markup("<i>9</i>"))
    assert said == "<b>&lt;script&gt; to <i>9</i></b> of 3"


def test_a_sentence_in_an_attribute_is_escaped():
    assert page('<a title="{{ _("\\"&") }}">', "en") == '<a title="&#34;&amp;">'


def test_a_percent_sign_and_a_form_of_words_outlive_the_compiler():
    assert page("{% trans %}100 % sure{% endtrans %}", "en") == "100 % sure"
    assert page('{{ _("Question %(number)s, answered") % {"number": 3} }}', "en") == "Question 3, answered"
    plural = "{% trans n=n %}{{ n }} minute{% pluralize n %}{{ n }} minutes{% endtrans %}"
    assert [page(plural, "en", n=n) for n in (1, 2)] == ["1 minute", "2 minutes"]


def test_a_name_that_the_page_gives_itself_is_not_taken_for_ours():
    source = "{% macro own(words) %}{% set url_to = words %}{{ url_to }}{% endmacro %}{{ own('mine') }}"
    assert page(source, "en") == "mine"


def test_a_drawn_mark_is_drawn_as_its_macro_draws_it():
    drawn = '{% import "_marks.html" as marks %}{{ marks.done(size=18, label=_("Passed")) }}'
    asked = '{% import "_marks.html" as marks %}{{ marks.done(size=size, label=_("Passed")) }}'
    assert page(drawn, "zh-hans") == page(asked, "zh-hans", size=18)
    assert 'aria-label="及格"' in page(drawn, "zh-hans")
    other = '{% import "_ui.html" as marks %}{{ marks.chip(key="A", weight=w) }}'
    assert ["chip-red" in page(other, "en", w=w) for w in ("red_line", "general")] == [True, False]


@pytest.mark.slow
def test_a_page_is_never_in_the_language_of_the_one_before(world, sign_in):
    for language in ("zh-hans", "en", "zh-hans", "en"):
        world.mira.prefer(language=language)
        said = sign_in(world.mira).get("/marks/").content.decode()
        assert ("跳到正文" in said, "Skip to the content" in said) == (language != "en", language == "en")

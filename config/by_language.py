"""Templates are compiled once for each language. What a language fixes (its sentences, the addresses of fixed pages,
the style sheet) then stands in the compiled template and is not asked for again on every page."""

from functools import cache

from django.utils import translation
from jinja2 import Environment, Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


class ByLanguage:
    """One Jinja2 environment for each language; a template comes from that of the language in force."""

    def __init__(self, build):
        self.of = cache(build)

    def get_template(self, name):
        return self.of(translation.get_language()).get_template(name)

    def from_string(self, source):
        return self.of(translation.get_language()).from_string(source)


class Page(Template):
    def _get_default_module(self, ctx=None):
        """What {% import %} asks for. Jinja2 compares all globals each time, in case a template was given some of
        its own; ours never are."""
        return super()._get_default_module()


class InLanguage(Environment):
    """Compiles the calls of its `fixed` functions {name: function of constants} to their results."""

    template_class = Page
    language, fixed = None, {}

    def _generate(self, source, *arguments, **options):  # Jinja2's hook for changing what is compiled
        with translation.override(self.language):
            return super()._generate(Fixing(self.fixed).visit(source), *arguments, **options)


class Fixing(NodeTransformer):
    def __init__(self, fixed):
        self.fixed = fixed

    def visit_Call(self, node):  # noqa: N802  the visitor's name for it
        node = self.generic_visit(node)
        constants = all(isinstance(argument, nodes.Const) for argument in node.args)
        if not isinstance(node.node, nodes.Name) or not constants or node.dyn_args or node.dyn_kwargs:
            return node
        name, values = node.node.name, [argument.value for argument in node.args]
        if name in ("gettext", "pgettext"):
            return sentence(getattr(translation, name)(*values), node.kwargs)
        if name in self.fixed and not node.kwargs:
            return nodes.Const(self.fixed[name](*values))
        return node


def sentence(words, places):
    """What {% trans %} says; its words are ours and are not escaped, what stands in their places is."""
    if not places:
        return nodes.Const(Markup(words) % {})
    return nodes.Mod(
        nodes.Const(Markup(words)), nodes.Dict([nodes.Pair(nodes.Const(each.key), each.value) for each in places])
    )

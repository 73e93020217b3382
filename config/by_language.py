"""Templates are compiled once for each language. What a language fixes (its sentences, the addresses of fixed pages,
the style sheet) then stands in the compiled template and is not asked for again on every page."""

from functools import cache

from django.utils import translation
from jinja2 import Environment, nodes
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


class InLanguage(Environment):
    """Compiles calls with constants to their results: of its `fixed` functions {name: function} and of the macros of
    `drawings`, a template whose macros depend on their arguments alone."""

    language, fixed, drawings = None, {}, ""

    def make_globals(self, d):
        """A template of ours is given no globals of its own, and a plain dict is copied at once."""
        return super().make_globals(d) if d else self.globals

    def _generate(self, source, *arguments, **options):  # Jinja2's hook for changing what is compiled
        with translation.override(self.language):
            return super()._generate(Fixing(self).visit(source), *arguments, **options)


class Fixing(NodeTransformer):
    def __init__(self, environment):
        self.environment, self.drawn = environment, set()

    def visit_Import(self, node):
        if node.template == nodes.Const(self.environment.drawings):
            self.drawn.add(node.target)
        return node

    def visit_Call(self, node):
        node = self.generic_visit(node)
        called, given = node.node, [*node.args, *(each.value for each in node.kwargs)]
        constant = all(isinstance(each, nodes.Const) for each in given) and not (node.dyn_args or node.dyn_kwargs)
        if isinstance(called, nodes.Name) and called.name in ("gettext", "pgettext"):
            return sentence(called.name, node.args, node.kwargs)
        if not constant:
            return node
        if isinstance(called, nodes.Name) and called.name in self.environment.fixed:
            return result(self.environment.fixed[called.name], node)
        if isinstance(called, nodes.Getattr) and getattr(called.node, "name", None) in self.drawn:
            return result(getattr(self.environment.get_template(self.environment.drawings).module, called.attr), node)
        return node


def result(function, call):
    return nodes.Const(
        function(*(each.value for each in call.args), **{each.key: each.value.value for each in call.kwargs})
    )


def sentence(name, words, places):
    """What {% trans %} says; its words are ours and are not escaped, what stands in their places is."""
    said = Markup(getattr(translation, name)(*(each.value for each in words)))  # noqa: S704
    if not places:
        return nodes.Const(said % {})
    return nodes.Mod(nodes.Const(said), nodes.Dict([nodes.Pair(nodes.Const(each.key), each.value) for each in places]))

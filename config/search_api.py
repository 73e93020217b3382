from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from config.results import results
from standards.searching import KINDS


class FoundSerializer(serializers.Serializer):
    """One place that holds the words."""

    kind = serializers.ChoiceField(choices=KINDS)
    slug = serializers.CharField(help_text="of the standard, course, scenario or item")
    place = serializers.CharField(help_text="key of the clause, lesson or scene; empty for an item")
    number = serializers.IntegerField(help_text="version it is found in")
    standard = serializers.CharField()
    weight = serializers.CharField(help_text="of a clause: general, important or red_line; else empty")
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    url = serializers.CharField(help_text="its page; empty for an item")
    uses = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="of a clause: how many places cite it, by kind"
    )
    cites = serializers.ListField(child=serializers.CharField(), help_text="clause keys that the content cites")


class SearchSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    more = serializers.BooleanField(help_text="more than 1,000 places hold the words; only so many are counted")
    cut = serializers.BooleanField(help_text="more was asked than a search takes: 200 characters, 12 words")
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    counts = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()), help_text="how many by kind, standard, weight"
    )
    results = FoundSerializer(many=True)


FILTERS = ("q", "kind", "standard", "weight", "page")


class Search(APIView):
    @extend_schema(
        description="Clauses in force and lessons that hold every word; for trainers scenes and items too.",
        parameters=[OpenApiParameter(name, str) for name in FILTERS],
        responses=SearchSerializer,
    )
    def get(self, request):
        found, rows = results(request.GET, trainer=request.user.access.has("trainer"), per_page=50)
        body = {
            "count": found.total,
            "more": found.more,
            "cut": found.asked.cut,
            "page": found.page.number,
            "pages": found.page.paginator.num_pages,
            "counts": found.counts,
            "results": [_row(row) for row in rows],
        }
        return Response(SearchSerializer(body).data)


COPIED = ("kind", "slug", "place", "number", "standard", "weight", "title_zh", "title_en", "text_zh", "text_en")


def _row(result):
    told = {name: getattr(result.passage, name) for name in COPIED}
    cites = [wording.clause.key for wording in result.cites]
    return told | {"url": result.url, "uses": result.uses, "cites": cites}

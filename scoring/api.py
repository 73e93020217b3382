from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets

from scoring.models import Appraisal


class LineSerializer(serializers.Serializer):
    """One indicator of a signed appraisal; value, applied weight and points are strings with one decimal."""

    indicator = serializers.CharField()
    weight = serializers.IntegerField(help_text="planned weight, percent")
    applied = serializers.CharField(allow_null=True, help_text="applied weight, percent")
    value = serializers.CharField(allow_null=True, help_text="percent 0–100")
    points = serializers.CharField(allow_null=True)
    reason = serializers.CharField(help_text="why there is no value")


class AppraisalSerializer(serializers.ModelSerializer):
    employee = serializers.CharField(source="person.employee_number")
    percent = serializers.FloatField(help_text="percent 0–100, one decimal")
    lines = LineSerializer(many=True, source="body.lines")
    notices = serializers.ListField(child=serializers.CharField(), source="body.notices")

    class Meta:
        model = Appraisal
        fields = ["id", "employee", "period", "revision", "percent", "band", "lines", "notices", "digest", "at"]
        read_only_fields = fields


@extend_schema(
    description="Signed appraisals: one's own, what one signed, and those of the units one heads or appraises today."
)
class AppraisalViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Appraisal.objects.none()
    serializer_class = AppraisalSerializer

    def get_queryset(self):
        return Appraisal.objects.visible_to(self.request.user).current().select_related("person").order_by("-pk")

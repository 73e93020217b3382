from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jobs.models import Job


@require_safe
def job(request, pk):
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return render(request, "jobs/job.html", {"job": found})

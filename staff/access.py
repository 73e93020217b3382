"""At the door of a view: role first (403), then the row (404)."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404


def requires(*groups):
    """The person must be in one of these groups (root is in all)."""

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.access.has(*groups):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def newest_or_404(model, slug):
    """The newest published version of a slug; 404 also when that is retired."""
    found = model.objects.filter(slug=slug, number__isnull=False).order_by("-number").first()
    if found is None or found.retired_at:
        raise Http404
    return found

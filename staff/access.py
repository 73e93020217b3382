"""At the door of a view: role first (403), then the row (404)."""

from functools import cache, wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404

from staff.frozen import kept
from staff.prepared import Prepared


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
    found = _newest(model).first(slug)
    if found is None or found[1]:
        raise Http404
    return kept(model, found[0])


@cache
def _newest(model):
    numbered = model.objects.filter(number__isnull=False).order_by("-number").values_list("pk", "retired_at")
    return Prepared(lambda slug: numbered.filter(slug=slug)[:1], str)

from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication as Session


class SessionAuthentication(Session):
    """Sessions for now; an unauthenticated call is 401, not 403."""

    def authenticate_header(self, request):
        return "Session"


class Scheme(SessionScheme):
    """How the schema describes it."""

    target_class = "config.api.SessionAuthentication"

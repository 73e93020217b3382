from allauth.account.adapter import DefaultAccountAdapter

from staff.models import fold


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failures count per account, whatever host name or node they came to."""
        return fold(credentials.get("username"))

    def authenticate(self, request, **credentials):
        """Someone who has left hears the same as someone unknown."""
        user = super().authenticate(request, **credentials)
        return user if user is None or user.is_active else None

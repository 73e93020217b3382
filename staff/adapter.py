from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _

from staff.models import fold


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The employee number or the password is not right."),
        "too_many_login_attempts": _("Too many wrong passwords. Try again in five minutes."),
        "enter_current_password": _("The present password is not right."),
        "incorrect_password": _("The password is not right."),
    }

    def is_open_for_signup(self, request):
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failures count per account, whatever host name or node they came to."""
        return fold(credentials.get("username"))

    def authenticate(self, request, **credentials):
        """Someone who has left hears the same as someone unknown."""
        user = super().authenticate(request, **credentials)
        return user if user is None or user.is_active else None

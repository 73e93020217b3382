"""What a password must be, in our words."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self):
        return _("Too short: a password has at least %(length)s characters.") % {"length": self.min_length}

    def get_help_text(self):
        return _("At least %(length)s characters; a short sentence is easy to remember.") % {"length": self.min_length}


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self):
        return _("Too common: others have tried this password already.")

    def get_help_text(self):
        return _("None of the passwords that many people use.")

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _

from staff.models import fold


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Employee number")
        self.fields["password"].label = _("Password")
        self.fields["remember"].label = _("Keep me signed in on this device")
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["password"].help_text = ""

    def clean_login(self):
        return fold(self.cleaned_data["login"])

"""The pictures of an item as its form holds them: those that stand in it, and one more to add."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from quizzes import uploads
from quizzes.type_rows import line
from staff.models import File

MOST = 10


class PictureForm(forms.Form):
    """A picture that was chosen before: `key` is what `![…](image:key)` names it by."""

    key = forms.SlugField(max_length=60, widget=forms.HiddenInput)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    zh = line(_("What it shows, in Chinese"), "zh", longest=1000)
    en = line(_("What it shows, in English"), "en", longest=1000)
    gone = forms.BooleanField(label=_("Take it out"), required=False)


class NewPictureForm(forms.Form):
    picture = forms.FileField(
        label=_("Add a picture"),
        required=False,
        help_text=_("A JPEG, PNG or WebP file, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    picture_zh = line(_("What it shows, in Chinese"), "zh", longest=1000)
    picture_en = line(_("What it shows, in English"), "en", longest=1000)

    def clean_picture(self):
        chosen = self.cleaned_data["picture"]
        if not isinstance(chosen, UploadedFile):
            return None
        try:
            return uploads.read(chosen, ["image"])
        except uploads.NoUpload as refusal:
            raise forms.ValidationError(str(refusal)) from None


class Pictures:
    """`rows` of the pictures there are, and `new`. A picture that was chosen is kept at once, so that it is not lost
    where something else is wrong."""

    def __init__(self, data, files, *, given=()):
        initial = [{"key": each["key"], "sha256": each["sha256"], **(each.get("alt") or {})} for each in given]
        count = len(initial)
        if data is not None:
            count = next((n for n in range(MOST) if f"image-{n + 1}-sha256" not in data), MOST)
            initial = [None] * count
        self.rows = [PictureForm(data, prefix=f"image-{n}", initial=initial[n - 1]) for n in range(1, count + 1)]
        self.new = NewPictureForm(data, files)
        self.data = data

    def sound(self):
        return all([self.new.is_valid(), *(row.is_valid() and self._is_picture(row) for row in self.rows)])

    def _is_picture(self, row):
        found = File.objects.filter(sha256=row.cleaned_data["sha256"]).first()
        if found and uploads.media_type(bytes(found.data)) in uploads.KINDS["image"]:
            return True
        row.add_error(None, _("This picture is not kept here. Take it out, and choose it again."))
        return False

    def images(self):
        """As a body holds them."""
        rows = [row.cleaned_data for row in self.rows if not row.cleaned_data["gone"]]
        found = [_image(row["key"], row["sha256"], row["zh"], row["en"]) for row in rows]
        if (new := self.new.cleaned_data.get("picture")) and new.sha256 not in {each["sha256"] for each in found}:
            uploads.keep(new)
            told = self.new.cleaned_data
            found.append(_image(_free(found), new.sha256, told["picture_zh"], told["picture_en"]))
        return found[:MOST]

    def as_they_stand(self):
        """The same of what was typed, unjudged but for what is no picture."""
        self.rows = [row for row in self.rows if row.is_valid() and self._is_picture(row)]
        self.new.is_valid()
        return self.images()


def _free(found):
    taken = {each["key"] for each in found}
    return next(key for number in range(1, 99) if (key := f"p{number}") not in taken)


def _image(key, sha256, zh, en):
    alt = {language: words for language, words in (("zh", zh), ("en", en)) if words}
    return {"key": key, "sha256": sha256} | ({"alt": alt} if alt else {})

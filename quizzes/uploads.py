"""Pictures and recordings that people hand in as answers, or that stand in items: told by their content, kept by
their sum, served with the type their content has."""

import hashlib
from pathlib import PurePath
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from staff.models import File

MOST_BYTES = 10_000_000
LONGEST_NAME = 120
# What each kind is called in a file dialogue, and the media types behind it.
KINDS = {
    "image": ("image/jpeg", "image/png", "image/webp"),
    "audio": ("audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/webm"),
}
BRANDS = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"3gp4", b"3gp5", b"dash")


class NoUpload(ValueError):
    """The file cannot be taken; str() is a sentence."""


class Upload(NamedTuple):
    name: str
    media_type: str
    data: bytes

    @property
    def sha256(self):
        return hashlib.sha256(self.data).hexdigest()

    @property
    def response(self):
        """The answer that names this file."""
        return {"file": self.sha256, "name": self.name, "type": self.media_type}


def media_type(data: bytes) -> str:
    """The media type that the first bytes tell; "" for all that is not taken."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12], "")
    return _sound(data)


def _sound(data):
    if data[4:8] == b"ftyp" and data[8:12] in BRANDS:
        return "audio/mp4"
    if data.startswith(b"ID3") or data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"):
        return "audio/mpeg"
    if data.startswith(b"OggS"):
        return "audio/ogg"
    return "audio/webm" if data.startswith(b"\x1aE\xdf\xa3") and b"webm" in data[:64] else ""


def read(file, accepts) -> Upload:
    """The Upload of a file as a form has it. accepts: some of KINDS. Raises NoUpload."""
    if file.size > MOST_BYTES:
        raise NoUpload(_("This file is larger than 10 MB. Make it smaller or shorter, and choose it again."))
    data = file.read()
    found = media_type(data)
    if not any(found in KINDS[kind] for kind in accepts):
        raise NoUpload(WRONG[tuple(sorted(accepts))]())
    name = "".join(each for each in PurePath(file.name).name if each.isprintable())
    return Upload(name[-LONGEST_NAME:] or "file", found, data)


WRONG = {
    ("image",): lambda: _("This is no picture we can show. Choose a JPEG, PNG or WebP file."),
    ("audio",): lambda: _("This is no recording we can play. Choose an M4A, MP3, OGG, WAV or WebM file."),
    ("audio", "image"): lambda: _(
        "This is neither a picture nor a recording. Choose a JPEG, PNG, WebP, M4A, MP3, OGG, WAV or WebM file."
    ),
}


def keep(upload):
    """The stored File of these bytes; the same bytes are kept once."""
    kept = {"name": upload.name, "media_type": upload.media_type, "size": len(upload.data), "data": upload.data}
    return File.objects.get_or_create(sha256=upload.sha256, defaults=kept)[0]


def served(file, name=""):
    """A file as its content is; what is neither picture nor recording is never served. A picture is shown, a
    recording is downloaded."""
    data = bytes(file.data)
    kind = media_type(data)
    if not kind:
        raise Http404
    response = HttpResponse(data, content_type=kind)
    way = "inline" if kind in KINDS["image"] else "attachment"
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in name or file.name)
    response["Content-Disposition"] = f'{way}; filename="{plain}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response

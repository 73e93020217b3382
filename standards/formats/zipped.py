"""Office files are zip archives: what may be in one before it is opened."""

import io
import zipfile

from standards.formats.decoding import Refused

MAX_UNPACKED = 50_000_000
MAX_RATIO = 200
MAX_MEMBERS = 2_000


def unzipped(data):
    """The ZipFile of a file's bytes. Raises Refused for one that is broken, locked or far larger inside."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Refused("broken_office") from None
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise Refused("locked_office")
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(data), 10_000):
        raise Refused("office_too_large")
    return archive


def member(archive, name):
    """The bytes of one member, b"" when there is none."""
    try:
        return archive.read(name)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("broken_office") from None

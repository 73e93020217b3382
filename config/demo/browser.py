"""A small browser on the standard library: cookies, redirects, forms. The demo plays with it."""

import http.client
import http.cookiejar
import json
import mimetypes
import secrets
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser


class Unexpected(Exception):
    """A page that is not the one awaited; the sentence says where."""


class Page:
    """What came back: status, url after redirects, text, and the forms on it."""

    def __init__(self, status, url, text):
        self.status, self.url, self.text = status, url, text
        self.forms = _Forms.of(text)

    @property
    def path(self):
        return urllib.parse.urlsplit(self.url).path

    def form(self, part):
        """The first form whose action holds `part`; raises Unexpected with the actions there are."""
        for form in self.forms:
            if part in form["action"]:
                return form
        raise Unexpected(
            f"No form for {part} on {self.url} ({self.status}); forms: {[f['action'] for f in self.forms]}"
        )

    def json(self):
        return json.loads(self.text)


class _Forms(HTMLParser):
    @classmethod
    def of(cls, text):
        parser = cls()
        parser.forms = []
        parser.feed(text)
        return parser.forms

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.forms.append({"action": found.get("action") or "", "fields": []})
        elif tag == "input" and self.forms and found.get("name"):
            self._input(found)

    def _input(self, found):
        if found.get("type", "text") in ("hidden", "text", "number") or "checked" in found:
            self.forms[-1]["fields"].append((found["name"], found.get("value") or ""))


class Browser:
    """One person's browser."""

    def __init__(self, base):
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        no_proxy = urllib.request.ProxyHandler({})  # the server is on this machine, whatever http_proxy says
        self.opener = urllib.request.build_opener(no_proxy, urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path):
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def submit(self, page, part, values=(), *, file=None):
        """Fills the form whose action holds `part` with values ([(name, value)] or a dict) and sends it."""
        form = page.form(part)
        values = list(values.items()) if isinstance(values, dict) else list(values)
        given = {name for name, _ in values}
        fields = [field for field in form["fields"] if field[0] not in given] + values
        url = urllib.parse.urljoin(page.url, form["action"] or page.url)
        body, media_type = _multipart(fields, file) if file else (urllib.parse.urlencode(fields).encode(), None)
        headers = {"Referer": page.url} | ({"Content-Type": media_type} if media_type else {})
        return self._open(urllib.request.Request(url, data=body, headers=headers))

    def sign_in(self, employee_number, password):
        page = self.get("/accounts/login/")
        page = self.submit(page, "login", {"login": employee_number, "password": password})
        if page.path.startswith("/accounts/login"):
            raise Unexpected(f"{employee_number} could not sign in ({page.status}).")
        return page

    def _open(self, request):
        request.add_header("Accept-Language", "en")
        try:
            with self._answer(request) as response:
                return Page(response.status, response.url, response.read().decode())
        except (OSError, http.client.HTTPException) as error:
            raise Unexpected(f"{request.full_url} was not answered: {error}.") from None

    def _answer(self, request):
        try:
            return self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            return error


def _multipart(fields, file):
    boundary = secrets.token_hex(16)
    name, filename, data = file
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields
    ]
    media_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n".encode()
        + data
        + b"\r\n"
    )
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"

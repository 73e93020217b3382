from django.conf import settings
from django.http import Http404, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers

FIRST_FLIGHT = 10_000  # bytes a connection sends before it waits for an answer, headers left out


class Compressed(GZipMiddleware):
    """A page that arrives with the first packets is there no sooner for being packed."""

    def process_response(self, request, response):
        if not response.streaming and len(response.content) < FIRST_FLIGHT:
            return response
        return super().process_response(request, response)


class ContentSecurityPolicy:
    """The same strict policy on every response, errors included."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Content-Security-Policy"] = settings.CONTENT_SECURITY_POLICY
        return response


class NoNul:
    """Nobody types a NUL and PostgreSQL takes none: in a query it is left out, a path with one leads nowhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info:
            raise Http404
        while "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)


class PersonLanguage:
    """The language a person chose; before that the cookie, then the browser's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response


class Private:
    """What a signed-in person sees is kept by no browser and no proxy: on a shared desk, going back after
    sign-out shows nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class HtmxSignIn:
    """htmx follows redirects unseen and would swap the sign-in page into a corner: an expired session
    sends the whole page to sign-in and back. Nothing else looks at htmx's headers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        to_sign_in = response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL))
        if to_sign_in and request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        return response

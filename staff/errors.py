from django.shortcuts import render


def csrf_failure(request, reason=""):
    return render(request, "403.html", {"csrf": True}, status=403)


def conflict(request, **context):
    """409: somebody else, or another device, was there first. The page shows what the server has."""
    return render(request, "409.html", context, status=409)

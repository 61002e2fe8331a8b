"""The product's own stack with one page more: an empty view for whoever is signed in, the yardstick of the desk's pages."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, for somebody who is signed in."""
    return HttpResponse(
        "" if request.user.is_authenticated else "?", status=200 if request.user.is_authenticated else 403
    )


application = get_wsgi_application()
settings.ROOT_URLCONF = "bench.desk_site"
urlpatterns = [path("empty/", empty), path("", include("liuhen.site.urls"))]

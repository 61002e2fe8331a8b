"""All addresses (网址) of the product."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from liuhen.site.presence import present

urlpatterns: list[URLPattern | URLResolver] = []
# A face joins when it is in the package. The desk comes last: it owns the root.
for face, prefix in (("liuhen.faces.api.urls", "api/"), ("liuhen.faces.desk.urls", "")):
    if present(face):
        urlpatterns.append(path(prefix, include(face)))

if present("liuhen.faces.desk.urls"):
    handler400 = "liuhen.faces.desk.refusals.page_400"
    handler403 = "liuhen.faces.desk.refusals.page_403"
    handler404 = "liuhen.faces.desk.refusals.page_404"
    handler500 = "liuhen.faces.desk.refusals.page_500"

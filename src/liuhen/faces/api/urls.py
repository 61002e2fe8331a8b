"""Addresses of the programs' interface (程序接口网址), below `/api/`."""

from __future__ import annotations

from django.urls import path

from liuhen.faces.api import ledger

urlpatterns = [
    path("ledger/<slug:bureau>/key", ledger.key, name="ledger-key"),
    path("ledger/<slug:bureau>/<path:path>", ledger.tiles, name="ledger-tiles"),
]

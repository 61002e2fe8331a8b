"""The desk's addresses (办公端网址)."""

from __future__ import annotations

from django.urls import path

from liuhen.faces.desk import evidence, people
from liuhen.faces.desk.cases import changing, entry, listing, page, record, registers, why, workbench
from liuhen.faces.desk.supervision import audit, audit_cases, audit_files

urlpatterns = [
    path("", workbench.desk),
    path("sign-in/", people.sign_in),
    path("sign-out/", people.sign_out),
    path("language/", people.language),
    path("preferences/", people.preferences),
    path("cases/", listing.cases),
    path("cases/new/", entry.new_case),
    path("cases/<str:root>/", page.case),
    path("cases/<str:root>/new/", registers.kinds),
    path("cases/<str:root>/new/<str:kind>/", entry.new),
    path("cases/<str:root>/why/<path:key>/", why.why),
    path("records/<str:id>/", record.record),
    path("records/<str:id>/correct/", changing.correct),
    path("records/<str:id>/withdraw/", changing.withdraw),
    path("records/<str:id>/files/<int:position>/", evidence.file),
    path("registers/", registers.registers),
    path("registers/new/<str:kind>/", entry.new_register),
    path("files/", evidence.upload),
    path("audit/", audit.audit),
    path("audit/cases/", audit_cases.cases),
    path("audit/run/", audit.run),
    path("audit/state/", audit.state),
    path("audit/files/<str:what>/<str:form>/", audit_files.file),
    path("articles/<str:rulebook>/<str:number>/", why.article),
]

"""Pages that say no (未予办理的页面): not there, no right, too old a form, an error of ours; each with what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from liuhen.faces.desk import frame, routes
from liuhen.faces.desk.kept import kept
from liuhen.faces.desk.visit import Visit, language_of, rendered, signed_in
from liuhen.faces.desk.words import words
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.permissions import by_approval, class_of, lookers, page, those_who_may
from liuhen.journal.authorise import role_names
from liuhen.journal.models import CaseRow


def not_there(visit: Visit, refused: Refused, *, back: str = "", back_words: str = "") -> HttpResponse:
    """404: nothing under that address in this bureau; `back` leads to the file where there is one."""
    return _said(visit, 404, "not_there", refused.finding, back, back_words)


@dataclass(frozen=True, slots=True)
class Offer:
    """A way that stays open to whoever is told no (可行的办法): where it leads, and its words."""

    url: str
    label: str
    new: bool = False
    """Whether it opens beside the page, so that what stands there can still be copied."""


def no_right(visit: Visit, of: str, *, offers: Sequence[Offer] = (), find: bool = False) -> HttpResponse:
    """403: there is something of that class, and this person may not look at it; who may is said, and nothing of what it is.

    `offers` are buttons before the one that leads back. With `find` a case can be looked for by its number.
    """
    who, what = visit.who, page().classes[of]
    if by_approval(who.roles, of):
        return _said(
            visit, 403, "no_right", Finding("A-006", {"who": who.name, "what": what}), offers=offers, find=find
        )
    roles = role_names(lookers(of), visit.basis.vocabulary)
    return _said(
        visit, 403, "no_right", Finding("A-014", {"who": who.name, "what": what, "roles": roles}), offers=offers
    )


def no_copy(visit: Visit, row: CaseRow, *, back: str) -> HttpResponse:
    """403: the file may be looked at, and this person may take no copy of it; who may is said."""
    of = class_of(row.subject)
    roles = role_names(those_who_may("copy", of), visit.basis.vocabulary)
    found = Finding("A-020", {"who": visit.who.name, "what": page().classes[of], "roles": roles})
    return _said(visit, 403, "no_copy", found, back, str(visit.words.record.to_record))


def no_entry(visit: Visit, why: Finding, *, back: str = "", back_words: str = "") -> HttpResponse:
    """403: a form for what this person may not enter; who may is said. `back` leads to the file that may be looked at."""
    return _said(visit, 403, "no_entry", why, back, back_words)


def said(visit: Visit, status: int, refused: Refused) -> HttpResponse:
    """Any other refusal as a page of its own."""
    return _said(visit, status, "other", refused.finding)


def _said(
    visit: Visit,
    status: int,
    sort: str,
    finding: Finding,
    back: str = "",
    back_words: str = "",
    offers: Sequence[Offer] = (),
    find: bool = False,
) -> HttpResponse:
    say = visit.words.refused
    return visit.answer(
        "said",
        status,
        title=getattr(say, sort),
        sentence=finding.sentence(visit.language),
        next=finding.next_step(visit.language),
        code=finding.code,
        offers=offers,
        find=find,
        kept=kept(visit.request, visit.language),
        back=back or routes.WORKBENCH,
        back_words=back_words or visit.words.frame.workbench,
    )


def page_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """An address that no page has; who is signed in keeps the frame with the ways to everywhere else."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return _plain(request, 404, "no_page")
    return _no_page(request)


@signed_in
def _no_page(visit: Visit) -> HttpResponse:
    told = visit.words.errors.no_page
    return visit.answer(
        "said",
        404,
        title=told.title,
        sentence=told.text,
        next=told.next,
        code="HTTP 404",
        offers=(),
        find=False,
        kept=kept(visit.request, visit.language),
        back=routes.WORKBENCH,
        back_words=visit.words.frame.workbench,
    )


def page_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django refused the request."""
    return _plain(request, 403, "forbidden")


def page_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that can't be read."""
    return _plain(request, 400, "bad")


def page_500(request: HttpRequest) -> HttpResponse:
    """Something of ours broke; says that nothing was stored by halves."""
    return _plain(request, 500, "broken")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The form was too old, or came from elsewhere; whoever is not signed in any more is told that."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return signed_out(request)
    return _plain(request, 403, "stale_form", Offer(request.path, str(words(language_of(request)).kept.anew), new=True))


def signed_out(request: HttpRequest) -> HttpResponseBase:
    """403: something was sent by whoever is not, or no longer, signed in. Nothing is stored, and nothing typed is lost."""
    say = words(language_of(request))
    if (
        "X-File-Name" in request.headers
    ):  # one file, sent by the form's script, which shows the sentence beside its name
        told = say.errors.signed_out
        return JsonResponse({"code": "403", "sentence": told.text, "next": told.next}, status=403)
    own = request.path in (routes.SIGN_IN, routes.SIGN_OUT)
    target = routes.query(routes.SIGN_IN, next="" if own else request.get_full_path())
    return _plain(request, 403, "stale_form" if own else "signed_out", Offer(target, str(say.kept.sign_in), new=True))


def _plain(request: HttpRequest, status: int, sort: str, *offers: Offer) -> HttpResponse:
    # An error page asks nothing of the database: that may be what broke.
    language: Any = "zh"
    try:
        language = language_of(request)
    except Exception:
        language = "zh"
    say = words(language)
    entry = getattr(say.errors, sort)
    return rendered(
        "said",
        status,
        p=frame.of_stranger(request, language),
        w=say,
        s=None,
        title=entry.title,
        sentence=entry.text,
        next=entry.next,
        code=f"HTTP {status}",
        offers=offers,
        find=False,
        kept=kept(request, language),
        back=routes.WORKBENCH,
        back_words=say.frame.workbench,
    )

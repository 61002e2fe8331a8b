"""The pages of the room people (人员): signing in and out, language, personal settings."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liuhen.faces.desk import asked, frame, routes
from liuhen.faces.desk.visit import Visit, language_of, rendered, signed_in
from liuhen.faces.desk.words import words


@never_cache
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; a wrong name and a wrong password are told apart by nothing."""
    language = language_of(request)
    say = words(language).sign_in
    target = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    refused = str(say.left_bureau) if request.GET.get("left") else ""
    name, status = "", 200
    if request.method == "POST":
        name = asked.sought(request.POST.get("username", "").replace("\0", ""))
        found = authenticate(request, username=name, password=request.POST.get("password", "")[:500])
        if found is not None:
            login(request, found)
            return HttpResponseRedirect(target)
        locked = getattr(request, "axes_locked_out", False)
        refused, status = str(say.locked if locked else say.wrong), 403 if locked else 200
    page = frame.of_stranger(request, language)
    page.csrf = get_token(request)
    return rendered(
        "sign_in",
        status,
        p=page,
        w=words(language),
        s=None,
        samples=_samples(language),
        name=name,
        refused=refused,
        next=target if target != "/" else "",
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    language = language_of(request)
    logout(request)
    request.session["language"] = language
    return HttpResponseRedirect(routes.SIGN_IN)


def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language: kept with the account, or with the session before signing in."""
    chosen = request.GET.get("to", "")
    if chosen in ("zh", "en"):
        account: Any = request.user
        if account.is_authenticated:
            request.session.pop("language", None)
            if account.language != chosen:
                account.language = chosen
                account.save(update_fields=["language"])
        else:
            request.session["language"] = chosen
    return HttpResponseRedirect(_safe(request, request.GET.get("next", "")))


@signed_in
def preferences(visit: Visit) -> HttpResponseBase:
    """Language, size of the letters, password; and what the person may do, by which roles."""
    request = visit.request
    account: Any = request.user
    wrong: list[str] = []
    done = ""
    say = visit.words.preferences
    if request.method == "POST":
        if request.POST.get("part") == "password":
            wrong = _new_password(request, account, say)
            done = "" if wrong else str(say.password_changed)
        else:
            account.language = "en" if request.POST.get("language") == "en" else "zh"
            account.large_text = request.POST.get("size") == "large"
            account.save(update_fields=["language", "large_text"])
            request.session.pop("language", None)
            return HttpResponseRedirect(routes.query(routes.PREFERENCES, saved="1"))
    if request.GET.get("saved"):
        done = str(say.saved)
    terms = visit.basis.vocabulary.terms["roles"]
    roles = [visit.speech.pick(terms[r]) for r in sorted(visit.who.roles) if r in terms]
    return visit.answer(
        "preferences",
        room="preferences",
        csrf=True,
        account=account,
        roles=roles,
        unit=visit.who.unit,
        certificate=visit.who.certificate,
        wrong=wrong,
        done=done,
    )


def _new_password(request: HttpRequest, account: Any, say: Any) -> list[str]:
    old, new, again = (request.POST.get(k, "")[:500] for k in ("old", "new", "again"))
    if not account.check_password(old):
        return [str(say.old_wrong)]
    if new != again:
        return [str(say.not_the_same)]
    try:
        validate_password(new, account)
    except ValidationError:
        return [str(say.too_weak)]
    account.set_password(new)
    account.save(update_fields=["password"])
    update_session_auth_hash(request, account)
    return []


def _safe(request: HttpRequest, target: str) -> str:
    """Return where to go next: within this site, else the workbench."""
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()}):
        return target
    return routes.WORKBENCH


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """What axes shows to a name that was tried too often from one place."""
    language_ = language_of(request)
    page = frame.of_stranger(request, language_)
    page.csrf = get_token(request)
    say = words(language_)
    refused = str(say.sign_in.locked)
    samples = _samples(language_)
    return rendered("sign_in", 403, p=page, w=say, s=None, samples=samples, name="", refused=refused, next="")


def _samples(language: Any) -> str:
    """Return the sentence that says which bureaus are invented; empty where none is."""
    names, _ = frame.samples(language)
    joined = ("、" if language == "zh" else ", ").join(names)
    return words(language).sign_in.samples.format(bureaus=joined) if names else ""

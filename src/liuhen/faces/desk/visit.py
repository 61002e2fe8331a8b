"""One visit to a page (访问): who asks, in which language, at which moment, and by which texts the bureau is judged."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import get_token

from liuhen.faces.desk import asked, frame, routes
from liuhen.faces.desk.environment import environment
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.words import words
from liuhen.ground.moments import Instant
from liuhen.ground.words import Language
from liuhen.journal.judging import Basis
from liuhen.journal.who import NotAllowed, Who


@dataclass
class Visit:
    """A signed-in person's visit to a page (访问).

    Attributes:
        request: Django's. who: the person with today's roles. basis: what the bureau is judged by.
        speech: says moments in the person's language, as of now.
    """

    request: HttpRequest
    who: Who
    basis: Basis
    speech: Speech

    @property
    def now(self) -> Instant:
        """The moment of the visit."""
        return self.speech.now

    @property
    def language(self) -> Language:
        """zh or en."""
        return self.speech.language

    @property
    def words(self) -> Any:
        """The desk's words in the person's language."""
        return words(self.speech.language)

    @cached_property
    def soon_until(self) -> Instant:
        """What is due until then is 将到期: the end of the last of so many working days from now as the office decided."""
        return soon_until(self.speech, self.basis.soon)

    def answer(
        self, template: str, status: int = 200, *, room: str = "", csrf: bool = False, **context: Any
    ) -> HttpResponse:
        """Return the page."""
        page = frame.of(self, room)
        if csrf:
            page.csrf = get_token(self.request)
        return rendered(template, status, p=page, w=self.words, s=self.speech, soon=self.basis.soon, **context)

    def part(self, template: str, **context: Any) -> HttpResponse:
        """Return a part of a page, for htmx; without a frame."""
        return rendered(template, 200, p=None, w=self.words, s=self.speech, soon=self.basis.soon, **context)


def soon_until(speech: Speech, working_days: int) -> Instant:
    """Return the end of the last of so many working days from the moment of `speech`."""
    last, _ = speech.calendar.add_working_days(speech.today, working_days)
    return speech.calendar.instant(last + 1)


def rendered(template: str, status: int, **context: Any) -> HttpResponse:
    """Return a template as an answer that no cache may keep."""
    text = environment().get_template(f"desk/{template}.html.jinja").render(context)
    answer = HttpResponse(text, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def now() -> Instant:
    """The server's clock, as an instant."""
    return time.time_ns() // 1000


def language_of(request: HttpRequest) -> Language:
    """Return the language of a visitor: the session's choice, else the account's, else Chinese."""
    chosen = request.session.get("language")
    if chosen in ("zh", "en"):
        return chosen  # type: ignore[return-value]
    account = request.user
    return "en" if getattr(account, "language", "zh") == "en" else "zh"


View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Give `view` a Visit instead of a request; send whoever is not signed in to the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not asked.readable(request):
            raise BadRequest
        account = request.user
        if not account.is_authenticated:
            return _to_sign_in(request)
        at = now()
        basis = frame.basis_of(account.bureau)  # type: ignore[union-attr]
        speech = Speech(language_of(request), basis.calendar, at)
        try:
            who = frame.who_of(account.bureau, account.person, speech.today)  # type: ignore[union-attr]
        except NotAllowed:
            # Left the bureau, or never enrolled: the account opens nothing.
            from django.contrib.auth import logout

            logout(request)
            return HttpResponseRedirect(routes.query(routes.SIGN_IN, left="1"))
        return view(Visit(request, who, basis, speech), *args, **kwargs)

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    wanted = request.get_full_path() if request.method == "GET" else ""
    target = routes.query(routes.SIGN_IN, next=wanted if wanted != "/" else "")
    if request.method == "POST":
        from liuhen.faces.desk.refusals import signed_out

        return signed_out(request)
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = routes.SIGN_IN
        return answer
    return HttpResponseRedirect(target)

"""What a page says, and what a browser would send of its form: for the tests that read and fill in pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from django.test import Client

Desk = Callable[..., Client]


def text(answer: Any) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def form_of(answer: Any) -> dict[str, list[str]]:
    """What a browser would send of the page's form, as it stands."""
    page = answer.content.decode()
    form = page[page.index('<form class="form"') : page.index("</form>", page.index('<form class="form"'))]
    form = re.sub(r"<template.*?</template>", "", form, flags=re.S)
    out: dict[str, list[str]] = {}

    def put(name: str, value: str) -> None:
        out.setdefault(unescape(name), []).append(unescape(value))

    for tag in re.findall(r"<input[^>]*>|<select.*?</select>|<textarea.*?</textarea>", form, re.S):
        name = re.search(r'name="([^"]*)"', tag)
        if name is None:
            continue
        if tag.startswith("<input"):
            kind = (re.search(r'type="([^"]*)"', tag) or [None, "text"])[1]
            if kind == "file" or (kind in ("checkbox", "radio") and " checked" not in tag):
                continue
            put(name[1], (re.search(r'value="([^"]*)"', tag) or [None, ""])[1] or "")
        elif tag.startswith("<select"):
            options = re.findall(r'<option value="([^"]*)"( selected)?', tag)
            put(name[1], next((v for v, chosen in options if chosen), options[0][0] if options else ""))
        else:
            put(name[1], tag[tag.index(">") + 1 : tag.rindex("<")])
    if 'id="entry"' in page:
        # The office's clock stands in 2023 and the desk's does not: whoever types a day of 2023 says that the entry is late.
        out.setdefault("late", ["within"])
        out["late.reason"] = [v for v in out.get("late.reason", ()) if v] or ["外出办案，今日返回"]
    out.pop("csrfmiddlewaretoken", None)
    out.pop("only", None)
    return out


def sent(client: Client, path: str, **typed: Any) -> Any:
    """Open the form, type into it, send it."""
    form = form_of(client.get(path))
    form.update({k.replace("__", "."): v if isinstance(v, list) else [v] for k, v in typed.items()})
    return client.post(path, form)


def confirmed(client: Client, answer: Any, path: str) -> Any:
    """Confirm the warnings, if that is what the page asks."""
    if answer.status_code == 422 and "仍然登记" in answer.content.decode():
        return client.post(path, form_of(answer))
    return answer

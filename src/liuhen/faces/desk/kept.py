"""What was sent and not taken (未受理的内容): said back once as text that can be copied, and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError

from liuhen.faces.desk.words import words
from liuhen.ground.vocabulary import FieldKind, default
from liuhen.ground.words import Language
from liuhen.rooms.evidence.intake import name_of

# What a form sends of itself, and what nobody may read over a shoulder.
_OF_THE_FORM = (
    "csrfmiddlewaretoken",
    "id",
    "corrects",
    "confirmed",
    "only",
    "file",
    "file.role",
    "next",
    "part",
    "late.approval",
)
_UNSAID = frozenset((*_OF_THE_FORM, "username", "password", "old", "new", "again", "language", "size"))
_WORDS = {
    "done": "done",
    "until": "end",
    "by": "by",
    "sign": "signs",
    "reason": "reason",
    "late": "late_question",
    "late.reason": "late_reason",
    "late.source": "late_source",
}
_PARTS = ("time", "name", "role", "certificate", "how", "from", "until")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed (所填内容), by the words of its field; `chosen`: links were chosen too; `files`: names of those sent."""

    parts: tuple[tuple[str, str], ...]
    chosen: bool
    files: tuple[str, ...]


def kept(request: HttpRequest, language: Language) -> Kept | None:
    """Return what a refused request brought; None where it brought nothing, can't be read, or was sent by another site's page."""
    if request.method != "POST" or not _from_here(request):
        return None
    try:
        post, uploads = request.POST, request.FILES.getlist("upload")
    except (SuspiciousOperation, UnreadablePostError, OSError):
        return None
    fields = _fields(request.path)
    parts = []
    for name in post:
        said = [_said(name, v, fields, language) for v in _typed(post, name)]
        if said and name not in _UNSAID and not name.startswith("l."):
            parts.append((_label(name, fields, language), "\n".join(said)))
    files = [*filter(None, map(name_of, post.getlist("file"))), *(u.name or "" for u in uploads)]
    chosen = any(name.startswith("l.") and any(post.getlist(name)) for name in post)
    return Kept(tuple(parts), chosen, tuple(files)) if parts or files else None


def _typed(post: QueryDict, name: str) -> list[str]:
    """Return what was typed into an input; not what a form chooses by itself beside a name that nobody typed."""
    values = post.getlist(name)
    if name == "late.source" and post.get("late") != "yes":
        return []
    if name in ("sign.role", "sign.how"):
        names = post.getlist("sign.name")
        values = [v for n, v in enumerate(values) if n < len(names) and names[n].strip()]
    return [v for v in values if v.strip()]


def _from_here(request: HttpRequest) -> bool:
    # Words that another site's page sends would stand here under our name.
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    return site in ("same-origin", "none") and origin in (None, f"{request.scheme}://{request.get_host()}")


def _fields(path: str) -> dict[str, FieldKind]:
    """Return the fields that the form had: those of the kind in its address, and for a correction those of any kind."""
    kinds = default().kinds
    named = [kinds[part] for part in path.split("/") if part in kinds]
    return {f.id: f for kind in (named or kinds.values()) for f in kind.fields.values()}


def _label(name: str, fields: dict[str, FieldKind], language: Language) -> str:
    say: Any = words(language).form
    head, _, part = name.partition(".")
    if head == "c":
        id, _, part = part.partition(".")
        label = getattr(fields[id].words, language) if id in fields else id
    elif name in _WORDS:
        label, part = getattr(say, _WORDS[name]), ""
    else:
        label = getattr(say, _WORDS[head]) if head in _WORDS else name
    return f"{label} · {getattr(say, part)}" if part in _PARTS else str(label)


def _said(name: str, value: str, fields: dict[str, FieldKind], language: Language) -> str:
    say: Any = words(language).form
    field = fields.get(name.split(".")[1]) if name.startswith("c.") else None
    if field is not None and value in field.values:
        return str(getattr(field.values[value], language))
    if field is not None and field.type == "boolean" and value in ("yes", "no"):
        return str(getattr(say, value))
    if name.endswith(".role"):
        return str(getattr(default().words("roles", value), language))
    if name == "sign.how" and value in ("signature", "seal", "both"):
        return str(getattr(say, value))
    if name == "late":
        return str({"within": say.late_within, "yes": say.late_is}.get(value, value))
    if name == "late.source" and value in ("scan", "offline", "import"):
        return str(getattr(say, f"source_{value}"))
    return value

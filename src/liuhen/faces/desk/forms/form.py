"""A whole form (表单): envelope, links, fields, people, signatures and files of one kind of record, with what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from liuhen.engines.media.sniffing import EXTENSIONS
from liuhen.engines.rulebook.language import Cite
from liuhen.faces.desk.cases.duties import CiteShown, cite_shown
from liuhen.faces.desk.forms.fields import Choice, Row, Shown, field_shown
from liuhen.faces.desk.forms.law import Asked
from liuhen.faces.desk.forms.reading import Person
from liuhen.faces.desk.forms.typed import Typed
from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.words import words
from liuhen.ground.findings import Finding
from liuhen.ground.vocabulary import Kind, Vocabulary


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link of the form (关联): the records to choose from; several where several may be named."""

    role: str
    label: str
    choices: tuple[Choice, ...]
    required: bool
    several: bool
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form with rows (行为人、签名): its rows, the articles that ask for it, what is wrong."""

    rows: tuple[Row, ...]
    laws: tuple[CiteShown, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Everything the template draws (表单)."""

    kind: Kind
    title: str
    done: Mapping[str, str]
    until: Mapping[str, str] | None
    done_wrong: tuple[str, ...]
    until_wrong: tuple[str, ...]
    fields: tuple[Shown, ...]
    links: tuple[LinkShown, ...]
    by: Part
    signs: Part
    at_least: int
    files_laws: tuple[CiteShown, ...]
    files_wrong: tuple[str, ...]
    file_roles: tuple[Choice, ...]
    accept: str
    other_wrong: tuple[Finding, ...]


def build_form(
    kind: Kind,
    typed: Typed,
    findings: Sequence[Finding],
    *,
    speech: Speech,
    vocabulary: Vocabulary,
    asked: Asked,
    link_choices: Mapping[str, Sequence[Choice]],
    by_roles: Sequence[str],
    text_choices: Mapping[str, Sequence[Choice]],
) -> Form:
    """Return the form of a kind with what was typed and what is wrong with it.

    `link_choices`: what each link may name. `by_roles`: roles that may record it. `text_choices`: fields of text whose
    values are known.
    """
    say = words(speech.language).form
    wrong = _by_place(findings, speech)
    fields = []
    for f in kind.fields.values():
        counted = say.yuan if f.type == "amount" else speech.pick(vocabulary.words("units", f.unit)) if f.unit else ""
        unit = speech.bracketed(str(counted)) if counted else ""
        shown = field_shown(f, typed, speech.language, unit)
        if f.id in text_choices:
            chosen = typed.one(f"c.{f.id}")
            # Several of them are written, one a line: the form lists what may be written.
            shown = replace(
                shown,
                type="texts" if f.type == "texts" else "choice",
                choices=tuple(replace(c, chosen=c.value == chosen) for c in text_choices[f.id]),
            )
        fields.append(
            replace(
                shown,
                label=speech.label(shown.label),
                laws=_cites(asked.fields.get(f.id, ()), speech),
                wrong=wrong.get(f"/content/{f.id}", ()),
            )
        )
    links = []
    for link in kind.links.values():
        chosen_ids = set(typed.all(f"l.{link.role}"))
        several = link.role == "lists" or len(chosen_ids) > 1
        choices = tuple(replace(c, chosen=c.value in chosen_ids) for c in link_choices.get(link.role, ()))
        label = (
            speech.pick(vocabulary.words("subjects", link.role))
            if link.role in vocabulary.terms["subjects"]
            else getattr(say.link, link.role, link.role)
        )
        links.append(
            LinkShown(
                link.role,
                speech.label(str(label)),
                choices,
                link.required,
                several,
                wrong.get(f"/links/{link.role}", ()),
            )
        )
    role_choices = tuple(Choice(r, speech.pick(vocabulary.words("roles", r))) for r in by_roles)
    return Form(
        kind,
        speech.pick(kind.words),
        {"date": typed.one("done.date"), "time": typed.one("done.time")},
        {"date": typed.one("until.date"), "time": typed.one("until.time")} if kind.interval else None,
        wrong.get("/done_at", ()),
        wrong.get("/until", ()),
        tuple(fields),
        tuple(links),
        Part(
            _by_rows(typed, role_choices),
            _cites(asked.officers, speech),
            wrong.get("/by", ()) + wrong.get("/entered_by", ()),
        ),
        Part(_sign_rows(kind, typed, asked, vocabulary, speech), (), wrong.get("/signatures", ())),
        asked.at_least,
        _cites(asked.files, speech),
        wrong.get("/files", ()),
        tuple(Choice(r, str(getattr(say.file_role, r, r))) for r in (kind.file_roles or ("attachment",))),
        ",".join([*kind.media, *(ending for type_ in kind.media for ending in EXTENSIONS.get(type_, ()))]),
        tuple(f for f in findings if not _placed(f.place, kind)),
    )


def _cites(laws: Sequence[Cite], speech: Speech) -> tuple[CiteShown, ...]:
    return tuple(cite_shown(c, speech) for c in laws)


def _parent(place: str) -> str:
    """Return the part of the form that a place in the record belongs to."""
    steps = place.strip("/").split("/")
    if steps[0] == "content" and len(steps) > 1:
        return f"/content/{steps[1]}"
    if steps[0] == "links" and len(steps) > 1:
        return f"/links/{steps[1]}"
    return f"/{steps[0]}"


def _by_place(findings: Sequence[Finding], speech: Speech) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for f in findings:
        if f.place and f.code != "G-011":
            key = _parent(f.place)
            out[key] = (*out.get(key, ()), f.sentence(speech.language))
    return out


def _placed(place: str, kind: Kind) -> bool:
    """Whether the form has a part where a finding of that place is shown."""
    if not place:
        return False
    parent = _parent(place)
    if parent.startswith("/content/"):
        return parent.removeprefix("/content/") in kind.fields
    if parent.startswith("/links/"):
        return parent.removeprefix("/links/") in kind.links
    return parent in ("/done_at", "/until", "/by", "/entered_by", "/signatures", "/files")


def _by_rows(typed: Typed, roles: tuple[Choice, ...]) -> tuple[Row, ...]:
    held = typed.rows("by", ("name", "role", "certificate"))
    held = [r for r in held if r["name"]]
    rows = [*held, {"name": "", "role": held[-1]["role"] if held else "", "certificate": ""}]
    return tuple(Row(r, _with(roles, r["role"])) for r in rows)


def _with(choices: tuple[Choice, ...], value: str) -> tuple[Choice, ...]:
    known = any(c.value == value for c in choices)
    shown = choices if known or not value else (*choices, Choice(value, value))
    return tuple(replace(c, chosen=c.value == value) for c in shown)


def _sign_rows(kind: Kind, typed: Typed, asked: Asked, vocabulary: Vocabulary, speech: Speech) -> tuple[Row, ...]:
    """Return a row for each place for a signature on the form, for every signature given, and one more with any role."""
    roles = list(dict.fromkeys((*kind.signatures, *asked.signatures)))
    if not roles:
        return ()
    choices = tuple(Choice(r, speech.pick(vocabulary.words("roles", r))) for r in roles)
    held = [r for r in typed.rows("sign", ("role", "name", "how", "date", "time")) if r["name"] or r["date"]]
    preset = (
        [r["role"] for r in typed.rows("sign", ("role", "name")) if r["role"] and not r["name"]][:1] if not held else []
    )
    blank = {"name": "", "how": "signature", "date": "", "time": ""}
    rows = list(held)
    used = [r["role"] for r in held]
    for role in dict.fromkeys((*preset, *kind.signatures)):
        # Two officers sign; everybody else once.
        want = 2 if role == "enforcement_officer" else 1
        rows += [{**blank, "role": role}] * max(0, want - used.count(role))
    order = {r: n for n, r in enumerate(roles)}
    rows.sort(key=lambda r: order.get(r["role"], 99))
    out = []
    for r in rows:
        label = speech.pick(vocabulary.words("roles", r["role"]))
        laws = speech.listed(c.label for c in _cites(asked.signatures.get(r["role"], ()), speech)[:1])
        out.append(Row({**r, "label": label, "laws": laws}))
    out.append(Row({**blank, "role": "", "label": "", "laws": ""}, choices))
    return tuple(out)


def offered(people: Sequence[Person]) -> list[str]:
    """Return the names to choose from, two of one name told apart by their certificates."""
    return [p.offered for p in people]

"""Two places that must agree: addresses and pages; the page of permissions, what each page opens, and what each list shows."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, URLPattern, resolve

from liuhen.faces.desk import people, routes
from liuhen.faces.desk.urls import urlpatterns
from liuhen.ground.permissions import SECRECY, class_of, page
from liuhen.journal.models import CaseRow
from tests.faces.desk.conftest import desk, nothing_kept
from tests.faces.desk.pages import Desk
from tests.office import Office, data_folder, office

__all__ = ["data_folder", "desk", "nothing_kept", "office"]

FOR_EVERYBODY = {people.sign_in, people.language}
ROUTES_IN = {routes.SIGN_IN}
# The same in every process: the tests are named by it, and the processes compare their lists of tests.
ID = "00000000-0000-4000-8000-000000000000"
# A value for each part of an address.
PARTS = {
    "root": ID,
    "id": ID,
    "kind": "act.questioning",
    "key": "a~b/c",
    "position": 0,
    "rulebook": "bazhou",
    "number": "1",
    "what": "counts",
    "form": "csv",
    "group": "all",
    "duty": "a~b",
}


def path_of(pattern: URLPattern) -> str:
    """An address that the pattern takes."""
    made = "/" + str(pattern.pattern)
    for name, value in PARTS.items():
        for sort in ("str", "int", "path"):
            made = made.replace(f"<{sort}:{name}>", str(value))
    return made


PATHS = {path_of(pattern): pattern.callback for pattern in urlpatterns}


def built() -> list[str]:
    """Every address that `routes` gives."""
    found = [value for name, value in vars(routes).items() if name.isupper() and isinstance(value, str)]
    for name, function in vars(routes).items():
        gives = name != "query" and not name.startswith("_")
        if gives and inspect.isfunction(function) and function.__module__ == routes.__name__:
            named = [p.name for p in inspect.signature(function).parameters.values() if p.kind is not p.VAR_KEYWORD]
            found.append(function(*(PARTS[part] for part in named)))
    # What an address asks of its page is the page's own.
    return [address.partition("?")[0] for address in found]


def test_every_address_that_pages_give_leads_to_a_page() -> None:
    for address in built():
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"{address} leads nowhere")


def test_every_page_has_an_address_that_pages_can_give() -> None:
    assert {resolve(address).func for address in built()} == set(PATHS.values())


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path, view in PATHS.items() if view not in FOR_EVERYBODY])
def test_no_page_opens_to_whoever_is_not_signed_in(path: str) -> None:
    stranger = Client(headers={"host": "127.0.0.1"})
    sent = stranger.post(path, {"a": "typed"})
    # What was sent comes back, and nothing else does.
    assert sent.status_code == 302 if PATHS[path] is people.sign_out else sent.status_code == 403
    assert ("typed" in sent.content.decode()) is (sent.status_code == 403)
    for answer in (stranger.get(path), stranger.get(path, headers={"HX-Request": "true"})):
        assert answer.status_code in (204, 302, 405)
        assert ROUTES_IN.issuperset(
            filter(None, [answer.get("Location", "").partition("?")[0], answer.get("HX-Redirect")])
        )
        assert not answer.content


# -- what the page of permissions says, each page does -------------------------------------------------------------------

EVERYBODY = ("zhang", "chen", "wang", "reviewer", "head", "clerk", "archivist", "admin", "keeper", "editor", "checker")


@pytest.fixture
def files(office: Office) -> dict[str, str]:
    """A case of the first unit, one of the second, and a device; with people of every office."""
    office.enrol("keeper", "设示例", "device_keeper")
    office.enrol("editor", "宣示例", "publicity_editor", unit="办公室")
    office.enrol("checker", "督示例", "supervisor", unit="监督股")
    made = {
        "near": office.open_case("示例罚立〔2023〕31号"),
        "far": office.open_case("示例罚立〔2023〕32号", handlers=("chen",), unit="执法二队"),
    }
    content = {"device_number": "示例-0001", "device_type": "body_worn"}
    fields = office.basis.vocabulary.kinds["device_register"].fields
    device = office.record(
        "device_register",
        by=[office.by("keeper", "device_keeper")],
        content={k: v for k, v in content.items() if k in fields}
        | {f.id: _some(f) for f in fields.values() if f.required},
    )
    made["device"] = office.take(device, "keeper").home
    return made


def _some(field: Any) -> Any:
    if field.values:
        return next(iter(field.values))
    return {"integer": 1, "amount": 1, "boolean": True, "date": "2023-01-01"}.get(field.type, "示例")


def allowed(office: Office, short: str, root: str) -> bool:
    """What the page of permissions says of looking at a file, worked out here once more from its lines alone."""
    row, who = CaseRow.objects.get(root=root), office.who(short)
    handles = any(h.get("id") == who.person for h in row.handlers if isinstance(h, dict)) or who.person in str(
        row.handlers
    )
    near = "handler" if handles else "unit" if who.unit and who.unit == row.unit else "bureau"
    known = page()
    return any(
        "look" in line.may
        and class_of(row.subject) in line.of
        and line.who & frozenset(who.acting)
        and known.relations.index(near) <= known.relations.index(line.near)
        and not line.with_approval
        for line in known.lines
    )


@pytest.mark.parametrize("short", EVERYBODY)
def test_a_page_opens_and_a_list_shows_exactly_what_the_page_of_permissions_allows(
    office: Office, desk: Desk, files: dict[str, str], short: str
) -> None:
    client = desk(short)
    listed = client.get(routes.CASES)
    said = {}
    for name, root in files.items():
        may_look = allowed(office, short, root)
        said[name] = may_look
        statuses = {client.get(path).status_code for path in (routes.case(root), routes.record(root))}
        assert statuses == ({200} if may_look else {403}), name
        if name == "device":
            continue
        number = CaseRow.objects.get(root=root).number
        for answer in (listed, client.get(routes.query(routes.CASES, q=number)), client.get(routes.WORKBENCH)):
            shown = routes.case(root) in answer.content.decode()
            assert shown <= may_look, answer.request["PATH_INFO"]
        assert (routes.case(root) in listed.content.decode()) is may_look
    assert listed.status_code == (200 if said["near"] or said["far"] else 403)


@pytest.mark.parametrize("short", ["zhang", "head", "admin", "keeper"])
def test_no_page_fails_whoever_asks_and_whatever_for(
    office: Office, desk: Desk, files: dict[str, str], short: str
) -> None:
    client = desk(short)
    for path in PATHS:
        for root in (*files.values(), ID):
            answer = client.get(path.replace(ID, root))
            assert answer.status_code in (200, 302, 403, 404, 405), path
            if ID not in path:
                break


@pytest.mark.parametrize("secrecy", SECRECY)
def test_what_is_secret_is_read_by_those_whom_the_page_names(
    office: Office, desk: Desk, files: dict[str, str], secrecy: str
) -> None:
    root = files["near"]
    act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40").id
    kind = office.basis.vocabulary.kinds["content.classified"]
    content = {
        f.id: secrecy if f.id == "class" else _some(f) for f in kind.fields.values() if f.required or f.id == "class"
    }
    links = {"case": [root], "about": [act]}
    by = [office.by("head", "principal_head")]
    office.take(office.record("content.classified", links=links, by=by, content=content), "head")
    seen = set()
    for short in EVERYBODY:
        who = office.who(short)
        near = "handler" if short == "zhang" else "unit" if who.unit == "执法一队" else "bureau"
        expected = allowed(office, short, root) and who.may("look", secrecy, near)
        status = desk(short).get(routes.record(act)).status_code
        assert (status == 200) is expected, short
        seen |= {short} if expected else set()
    assert "head" in seen
    assert "admin" not in seen

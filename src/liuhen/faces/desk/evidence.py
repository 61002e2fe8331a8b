"""The pages of the room evidence (证据与音像): files taken in with their progress, and given out by ranges."""

from __future__ import annotations

from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse

from liuhen.faces.desk import routes
from liuhen.faces.desk.refusals import no_copy, no_right, not_there
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.digits import whole_number
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Instant
from liuhen.ground.record import File
from liuhen.ground.vocabulary.attached import unfit_type
from liuhen.journal.looks import looked
from liuhen.journal.recent import Recent
from liuhen.rooms.cases import reading
from liuhen.rooms.evidence import intake, serving, showing

# A file that somebody brought may hold anything: it gets no script, no form, no frame, and no origin of ours.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
# Chromium's own PDF viewer does not open in a sandboxed document; without scripts and sources there is nothing left to run.
PDF_POLICY = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"

PIECES_FOLLOW: Instant = 3600 * 1_000_000
"""For how long the pieces of a file belong to the look that was noted at its beginning, in microseconds."""
# Another process knows nothing of it and notes one look more, never one less.
_noted: Recent[tuple[str, ...], Instant] = Recent(10_000)


@signed_in
def upload(visit: Visit) -> HttpResponseBase:
    """Take one file from the body of the request, as it comes; answer with its digests and the token by which a form names it."""
    request = visit.request
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    length = request.headers.get("Content-Length", "")
    name = unquote(request.headers.get("X-File-Name", ""))
    try:
        found = intake.take_in(request, name, visit.who, length=whole_number(length))
    except Refused as refused:
        return _not_taken(visit, refused.finding)
    # A form says what it is for: a file that its kind does not take is refused here, not after everything was typed.
    vocabulary = visit.basis.vocabulary
    kind = vocabulary.kinds.get(request.headers.get("X-Kind", ""))
    wrong = unfit_type(found.name, found.media_type, kind, vocabulary) if found.bytes else None
    if wrong is not None:
        return _not_taken(visit, wrong)
    return JsonResponse({**found.as_json(), "token": found.token})


def _not_taken(visit: Visit, f: Finding) -> JsonResponse:
    said = {"code": f.code, "sentence": f.sentence(visit.language), "next": f.next_step(visit.language)}
    return JsonResponse(said, status=422)


@signed_in
def file(visit: Visit, id: str, position: int) -> HttpResponseBase:
    """Give out a file of a record, whole or a range of it, to those who may look at the record; opening it is a look.

    With `download=1` it is a copy, which is a right of its own.
    """
    try:
        row = reading.row_of(visit.who, reading.home_of(visit.who, id))
    except reading.NotThere as refused:
        return not_there(visit, refused)
    if not reading.may_look(visit.who, row, visit.basis, visit.now):
        return no_right(visit, reading.class_of(row))
    entry = reading.entry_of(visit.who, row, visit.basis, id)
    if entry is None or position >= len(entry.record.files):
        return not_there(visit, reading.NotThere("U-209", id=f"{id}/{position}"))
    named = entry.record.files[position]
    download = visit.request.GET.get("download") == "1"
    if download and not reading.may_copy(visit.who, row, visit.basis, visit.now, entry.record):
        return no_copy(visit, row, back=routes.record(id))
    try:
        size = serving.size_of(named.sha256)
        kind = serving.type_of(named.sha256)
    except Refused as refused:
        return not_there(visit, refused)
    given = _asked(visit.request, named, size)
    if given.status != 416 and visit.request.method != "HEAD":
        _note(visit, f"{'copy' if download else 'look'} {reading.class_of(row)}", row.root, id, named, given)
    return _answer(visit, named, given, kind, download)


def _asked(request: HttpRequest, named: File, size: int) -> serving.Given:
    """Return which bytes are given: a range for another state of the file (If-Range) is none, all of it is given."""
    condition = request.headers.get("If-Range")
    wanted = "" if condition and condition != _etag(named) else request.headers.get("Range", "")
    return serving.asked_range(wanted, size)


def _note(visit: Visit, what: str, home: str, id: str, named: File, given: serving.Given) -> None:
    """Record the look. A player asks for a film in a hundred pieces: those that follow a noted beginning belong to its look."""
    key = (visit.who.bureau, visit.who.person, what, id, named.sha256)
    noted = _noted.get(key)
    if given.start > 0 and noted is not None and 0 <= visit.now - noted < PIECES_FOLLOW:
        return
    looked(visit.who, what, home=home, detail={"record": id, "sha256": named.sha256})
    _noted.put(key, visit.now)


def _etag(named: File) -> str:
    return f'"{named.sha256}"'


def _answer(visit: Visit, named: File, given: serving.Given, kind: str, download: bool) -> HttpResponseBase:
    etag = _etag(named)
    common = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": PDF_POLICY if kind == "application/pdf" else POLICY,
        "Content-Disposition": _disposition(named.name, inline=not download and showing.shown_as(kind) != ""),
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if given.status == 416:
        return HttpResponse(status=416, headers={**common, "Content-Range": given.content_range})
    if given.status == 200 and visit.request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=common)
    headers = {**common, "Content-Length": str(given.end - given.start)}
    if given.status == 206:
        headers["Content-Range"] = given.content_range
    if visit.request.method == "HEAD":
        return HttpResponse(status=given.status, content_type=showing.served_as(kind), headers=headers)
    return StreamingHttpResponse(
        serving.pieces(named.sha256, given), status=given.status, content_type=showing.served_as(kind), headers=headers
    )


def _disposition(name: str, *, inline: bool) -> str:
    plain = "".join(c if (c.isascii() and c.isalnum()) or c in "._-" else "_" for c in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

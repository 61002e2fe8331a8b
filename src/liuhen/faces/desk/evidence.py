"""The pages of the room evidence (证据与音像): files taken in with their progress, and given out by ranges."""

from __future__ import annotations

from urllib.parse import quote, unquote

from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse

from liuhen.faces.desk.refusals import no_right, not_there
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.ground.errors import Refused
from liuhen.ground.record import File
from liuhen.journal.looks import looked
from liuhen.rooms.cases import reading
from liuhen.rooms.evidence import intake, serving, showing

# A file that somebody brought may hold anything: it gets no script, no form, no frame, and no origin of ours.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
# Chromium's own PDF viewer does not open in a sandboxed document; without scripts and sources there is nothing left to run.
PDF_POLICY = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@signed_in
def upload(visit: Visit) -> HttpResponseBase:
    """Take one file from the body of the request, as it comes; answer with its digests and the token by which a form names it."""
    request = visit.request
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    length = request.headers.get("Content-Length", "")
    name = unquote(request.headers.get("X-File-Name", ""))
    try:
        found = intake.take_in(request, name, visit.who, length=int(length) if length.isdigit() else None)
    except Refused as refused:
        f = refused.finding
        return JsonResponse(
            {"code": f.code, "sentence": f.sentence(visit.language), "next": f.next_step(visit.language)}, status=422
        )
    return JsonResponse({**found.as_json(), "token": found.token})


@signed_in
def file(visit: Visit, id: str, position: int) -> HttpResponseBase:
    """Give out a file of a record, whole or a range of it, to those who may look at the record; opening it is a look."""
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
    try:
        size = serving.size_of(named.sha256)
        kind = serving.type_of(named.sha256)
    except Refused as refused:
        return not_there(visit, refused)
    download = visit.request.GET.get("download") == "1"
    given = serving.asked_range(visit.request.headers.get("Range", ""), size)
    if given.status != 416 and given.start == 0:
        # A player asks for a film in a hundred pieces: the first of them is the look.
        looked(
            visit.who,
            "copy recording" if download else f"look {reading.class_of(row)}",
            home=row.root,
            detail={"record": id, "sha256": named.sha256},
        )
    return _answer(visit, named, given, kind, download)


def _answer(visit: Visit, named: File, given: serving.Given, kind: str, download: bool) -> HttpResponseBase:
    etag = f'"{named.sha256}"'
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
    condition = visit.request.headers.get("If-Range")
    if condition and condition != etag:
        given = serving.Given(200, 0, given.size, given.size)
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

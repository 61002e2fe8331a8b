"""The Ledger over HTTP (存证对外服务): checkpoint and tiles of each bureau, for whoever verifies; no content is in them.

    GET /api/ledger/<bureau>/key             the public key (vkey)
    GET /api/ledger/<bureau>/checkpoint      the signed note
    GET /api/ledger/<bureau>/tile/…          as C2SP tlog-tiles lays them out

Everybody may read it without signing in: that is what it is for. Source: C2SP tlog-tiles, "APIs".
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from liuhen.engines.ledger.serving import read
from liuhen.engines.ledger.store import DiskTiles
from liuhen.ground.errors import Refused
from liuhen.journal import folders, sealing
from liuhen.journal.models import BureauRow


@require_safe
def tiles(request: HttpRequest, bureau: str, path: str) -> HttpResponse:
    """Answer with the checkpoint or a tile that it covers; 404 for everything else."""
    del request
    if not BureauRow.objects.filter(id=bureau).exists():
        raise Http404
    found = read(DiskTiles(folders.ledger(bureau)), path)
    if found is None:
        raise Http404
    return HttpResponse(found.body, content_type=found.media_type, headers={"Cache-Control": found.cache_control})


@require_safe
def key(request: HttpRequest, bureau: str) -> HttpResponse:
    """Answer with the public key that signs the checkpoints. Whoever verifies keeps it from an earlier day."""
    del request
    try:
        if not BureauRow.objects.filter(id=bureau).exists():
            raise Http404
        verifier = sealing.signer_of(bureau).verifier
    except Refused:
        raise Http404 from None
    return HttpResponse(f"{verifier}\n", content_type="text/plain; charset=utf-8")

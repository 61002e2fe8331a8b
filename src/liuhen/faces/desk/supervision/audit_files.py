"""The audit as files (核查结果下载): the numbers, or the list of the cases that the reader may see; each is noted."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse

from liuhen.faces.desk import routes
from liuhen.faces.desk.refusals import no_right, page_404
from liuhen.faces.desk.supervision.asked_of import asked_of
from liuhen.faces.desk.supervision.audit_cases import sight_for
from liuhen.faces.desk.visit import Visit, signed_in
from liuhen.journal.auditing import kept
from liuhen.journal.auditing.result import Result, opened
from liuhen.journal.looks import looked
from liuhen.rooms.supervision import handing_out
from liuhen.rooms.supervision.cases import Sight
from liuhen.rooms.supervision.figures import Narrowed


@signed_in
def file(visit: Visit, what: str, form: str) -> HttpResponseBase:
    """Give out `counts` or `cases` in a form, narrowed as the page is; 404 for what there is none of here."""
    who = visit.who
    if not (who.may("look", "audit") and who.may("copy", "audit")):
        return no_right(visit, "audit")
    if what not in handing_out.WHATS or form not in handing_out.forms():
        return page_404(visit.request)
    result = opened(kept.result_file(who.bureau))
    if result is None:
        return HttpResponseRedirect(routes.AUDIT)
    f, ignored, turned = asked_of(visit.request.GET, result)
    if f.root and what == "counts":  # The sums are not of single files.
        ignored = (*ignored, f.root)
    if ignored or turned:
        with result:
            return _not_given(visit, ignored)
    looked(who, "copy audit", detail={"what": what, "form": form, **f.named})
    at = visit.speech.local(result.about["at"])
    answer = StreamingHttpResponse(
        _pieces(result, f, sight_for(visit, result), what, form), content_type=handing_out.TYPES[form]
    )
    answer["Content-Disposition"] = f'attachment; filename="audit-{who.bureau}-{at:%Y%m%d-%H%M}-{what}.{form}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _not_given(visit: Visit, ignored: tuple[str, ...]) -> HttpResponseBase:
    """400: a file narrowed to less than was asked would be taken for what it is not."""
    say = visit.words.audit
    return visit.answer(
        "said",
        400,
        title=say.no_file,
        sentence=visit.words.list.ignored.format(values=visit.speech.listed(ignored)) if ignored else say.turned,
        next=say.no_file_next,
        code="HTTP 400",
        offers=(),
        find=False,
        kept=None,
        back=routes.AUDIT,
        back_words=say.title,
    )


def _pieces(result: Result, f: Narrowed, sight: Sight, what: str, form: str) -> Iterator[bytes]:
    with result:
        about = result.about
        if what == "counts":
            rows, names = handing_out.counts(result, f), handing_out.COUNTED
        else:
            rows = handing_out.listed(result, f, sight, about["bureau"], about["zone"])
            names = tuple(handing_out.LISTED)
        head = handing_out.head_of(about, f)
        yield from handing_out.written(rows, form, head, names)  # type: ignore[arg-type]

"""What a kind takes as its files (附件种类): the types found by looking into them, held against what the kind declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from liuhen.ground.findings import Finding
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.ground.words import Words

PROGRAM = "application/x-program"


def unfit_files(
    record: Record, found: Sequence[str | None], vocabulary: Vocabulary, place: str = ""
) -> Iterator[Finding]:
    """Yield what is wrong with the files of a record, given the media type `found` in each; None for one not looked into.

    V-015 a type that the kind does not take, V-016 a program (no kind takes one, not even one that declares nothing), V-017 none
    of the files can be the medium that the record states, such as a film.
    """
    kind = vocabulary.kinds.get(record.kind)
    if kind is None:
        return
    for n, (file, type_) in enumerate(zip(record.files, found, strict=True)):
        at = f"{place}/files/{n}"
        if not file.bytes:
            continue  # V-014 says so already, and nothing is in it that could be of a type.
        if type_ == PROGRAM:
            yield Finding("V-016", {"file": file.name}, at)
        elif type_ is not None and kind.media and type_ not in kind.media:
            fields = {"file": file.name, "kind": kind.words, "found": _named([type_], vocabulary)}
            yield Finding("V-015", {**fields, "taken": _named(kind.media, vocabulary)}, at)
    yield from _wrong_medium(record, kind, found, vocabulary, place)


def _wrong_medium(
    record: Record, kind: Kind, found: Sequence[str | None], vocabulary: Vocabulary, place: str
) -> Iterator[Finding]:
    fitting = [type_ for type_ in found if type_ is not None and type_ in kind.media]
    # One that was not looked into, or is refused for itself, may have been the one meant.
    if not fitting or len(fitting) < len(found):
        return
    for field, sorts in kind.media_of.items():
        stated = str(record.content.get(field))
        if stated in sorts and not any(type_.partition("/")[0] in sorts[stated] for type_ in fitting):
            medium = kind.fields[field].values[stated]
            fields = {"kind": kind.words, "medium": medium, "found": _named(fitting, vocabulary)}
            yield Finding("V-017", fields, f"{place}/content/{field}")


def _named(types: Sequence[str], vocabulary: Vocabulary) -> Words:
    each = [vocabulary.words("media", type_) for type_ in dict.fromkeys(types)]
    return Words("、".join(w.zh for w in each), ", ".join(w.en for w in each))

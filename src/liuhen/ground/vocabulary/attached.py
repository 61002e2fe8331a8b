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
        if type_ is not None and (wrong := unfit_type(file.name, type_, kind, vocabulary, at)) is not None:
            yield wrong
    yield from _wrong_medium(record, kind, found, vocabulary, place)


def unfit_type(name: str, found: str, kind: Kind | None, vocabulary: Vocabulary, place: str = "") -> Finding | None:
    """Return why a file called `name`, whose media type was `found` in it, is not taken: V-015 by this kind, V-016 by none.

    Without a kind only programs are refused. None when nothing speaks against it.
    """
    if found == PROGRAM:
        return Finding("V-016", {"file": name}, place)
    if kind is None or not kind.media or found in kind.media:
        return None
    fields = {"file": name, "kind": kind.words, "found": _named([found], vocabulary)}
    return Finding("V-015", {**fields, "taken": _named(kind.media, vocabulary)}, place)


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

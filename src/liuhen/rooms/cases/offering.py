"""Which kinds of record a bureau is offered (可供登记的种类): the core vocabulary, and what the texts that judge it name.

The vocabulary holds the papers of every text that is shipped. A bureau that is judged by a few of them would look for its own
among forms that nothing asks of it. What is not offered can still be stored: the door asks for rights, not for this.
"""

from __future__ import annotations

from liuhen.journal.judging import Basis


def offered_kinds(basis: Basis) -> frozenset[str]:
    """Return the kinds to list where somebody chooses what to enter."""
    core = frozenset(k.id for k in basis.vocabulary.kinds.values() if k.core)
    return core.union(*(book.named for book in basis.stack.rulebooks))

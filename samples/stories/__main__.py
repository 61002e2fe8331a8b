"""`python -m samples.stories` writes the sample dossiers anew."""

from __future__ import annotations

from samples.stories import write_all

write_all()

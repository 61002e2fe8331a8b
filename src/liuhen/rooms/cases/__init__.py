"""The room of cases (案件): opening a case, adding, correcting and withdrawing records, and what its pages read."""

"""The audit of a bureau's own cases (全案核查): its records out of the journal, judged at once, the result kept as a file."""

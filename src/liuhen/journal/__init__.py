"""Floor 4: the journal (案卷登记): the one door, its tables, the read models, the outbox to the Ledger, background work."""

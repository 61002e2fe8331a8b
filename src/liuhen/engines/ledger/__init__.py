"""The Ledger (存证记录): a Merkle tree over digests; nobody alters, removes or back-dates unnoticed what it covers."""

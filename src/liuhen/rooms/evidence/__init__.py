"""The room of evidence (证据与音像): files taken into the vault, and given out again by ranges to those who may look."""

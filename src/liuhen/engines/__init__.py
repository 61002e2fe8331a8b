"""Engines (floor 2): pure functions over values; storage and moments come in as arguments; engines don't know each other."""

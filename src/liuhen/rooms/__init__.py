"""Floor 5: the rooms; each has actions, a read model and queries, and no templates."""

"""Floor 1: the nouns and their data; knows no database, no clock and no engine."""

"""The pages of the room supervision (监督): the audit of all cases, the cases behind its numbers, its files."""

"""Supervision (监督): what the audit of all cases says, and the cases behind each number."""

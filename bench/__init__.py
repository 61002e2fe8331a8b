"""Benchmarks: `script/bench` runs them; each prints its numbers with the ratio to a yardstick of the same run."""

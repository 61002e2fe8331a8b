"""Commands: `sample_data`."""

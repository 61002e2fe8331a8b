"""The vault (证据库): evidence files, content-addressed, written once, read-only afterwards."""

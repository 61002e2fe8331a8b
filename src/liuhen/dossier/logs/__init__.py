"""Event logs (事件日志): XES and CSV read as cases, and cases written as XES."""

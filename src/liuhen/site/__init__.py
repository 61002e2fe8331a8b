"""Floor 7: settings, URLs, WSGI: the only place that knows all rooms and faces; no logic."""

"""People (人员): accounts of the office's people, and the actions that enrol them and grant them roles."""

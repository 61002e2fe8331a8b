"""The desk (办公端): the officers' pages, one module per room."""

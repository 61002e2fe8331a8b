"""Floor 6: the faces (界面): the officers' pages, the public's, the programs' and the command line; one module per room."""

"""Media (媒体): what a file is, told by looking into it."""

"""The list of defences: one protection a file."""

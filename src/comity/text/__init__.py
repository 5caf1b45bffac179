"""Strings in, strings out: the ground floor, free of framework, database, clock and network."""

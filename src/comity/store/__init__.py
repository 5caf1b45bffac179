"""Queries. Each takes a Session; none commits."""

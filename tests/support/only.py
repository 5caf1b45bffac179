"""Marks for a test that is about one database: `@on_sqlite`, `@on_postgresql`."""

from __future__ import annotations

import pytest

on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)

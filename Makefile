# Every target makes the environment it needs from plain python3. No Node, no root, no database.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
JOBS ?= 2
INSTANCE_ARGS ?=

.PHONY: help venv run test coverage check fmt bench docs audit

help: ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 8

$(VENV)/.synced: pyproject.toml uv.lock
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check uv
	$(RUN)/uv sync --quiet --locked --all-extras
	@touch $@

venv: $(VENV)/.synced ## Make .venv with everything in uv.lock

run: venv ## Serve comments on http://127.0.0.1:8080 from ./instance
	$(RUN)/comity serve $(INSTANCE_ARGS)

test: venv ## Run every test: SQLite, PostgreSQL, Valkey protocol, browser
	$(RUN)/python -m pytest -n $(JOBS) --dist worksteal

coverage: venv ## The same, and say which lines and branches no test reaches
	$(RUN)/python -m pytest -n $(JOBS) --dist worksteal --cov --cov-report=term

check: venv ## Format, lint, types, architecture
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-logo
	$(RUN)/uv lock --check --quiet

fmt: venv ## Format and fix what can be fixed
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

bench: venv ## Measure, and write benchmarks/results
	$(RUN)/python benchmarks/bench_slowest_answer.py

docs: venv ## Write the parts of docs that are made from code
	$(RUN)/python docs/generate.py

audit: venv ## Outside scanners: schemathesis, csp-evaluator and axe (these two need Node's npm)
	$(RUN)/python audit/run.py

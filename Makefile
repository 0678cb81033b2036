# The daily verbs. `make help` lists them; each makes .venv first when it is missing or out of date.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PYTEST := $(BIN)/python -m pytest -n auto

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast lint format bench docs clean
.DELETE_ON_ERROR:

help: ## list these commands
	@sed -n 's/^\([a-z.-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r verb text; do printf '  make %-10s %s\n' "$$verb" "$$text"; done

.venv: $(READY) ## make the environment, exactly as constraints.txt says

# The build backend comes from the same lock: it is installed first, and the build is not isolated.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "syncagent needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev,postgres]'
	@touch $@

demo: $(READY) ## make a small world of mailboxes in demo-world/ and run the main job on it; writes nowhere else
	$(BIN)/syncagent demo demo-world

test: $(READY) ## run all tests
	$(PYTEST)

test-fast: $(READY) ## run the tests that are neither slow nor on PostgreSQL: under three minutes
	$(PYTEST) -m 'not slow and not postgres'

lint: $(READY) ## check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## sort imports, mend what can be mended, format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(READY) ## measure speed and memory; writes bench/results/
	$(BIN)/python -m bench

docs: $(READY) ## write the generated pages of docs anew
	$(BIN)/python docs/make_schema.py
	$(BIN)/python docs/make_configuration.py
	$(BIN)/python docs/make_commands.py

clean: ## remove what was built and the demo's folder; .venv stays
	rm -rf build dist demo-world .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find bench connectors docs syncagent tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

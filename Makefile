# One word per action, the same here and in CI. `make` alone lists them.
# On a fresh machine only Python 3.11 or newer and make are needed: the first action builds .venv.

VENV ?= .venv
DATA ?= ../shared/data
BIN := $(VENV)/bin
# The first Python of at least 3.11 on this machine; give another with `make PYTHON=/path/to/python3.13 demo`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types imports gate bench robustness wheel clean

help: ## List the actions
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

demo: $(VENV)/.installed ## Install Dateline and read the stories in examples/
	@$(BIN)/dateline read examples/*.txt examples/*.html examples/*.jsonl --format text
	@echo "Next: source $(VENV)/bin/activate, then: dateline read YOUR-STORY.txt, dateline explain deny, dateline about"

test: $(VENV)/.installed-dev ## Run every test
	@$(BIN)/python -m pytest

check: lint types imports ## Style, types and the direction of imports

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check src tests examples benchmarks training

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

imports: $(VENV)/.installed-dev
	@$(BIN)/lint-imports

gate: $(VENV)/.installed-dev ## Compare measured quality with the committed floors (needs the data folder)
	@$(BIN)/python benchmarks/quality/gate.py --data $(DATA)

bench: $(VENV)/.installed-dev ## Measure speed, start, size and memory
	@$(BIN)/python benchmarks/speed/bench.py

robustness: $(VENV)/.installed-dev ## 20,000 generated texts through the whole journey (long)
	@HYPOTHESIS_PROFILE=robustness $(BIN)/python -m pytest tests/properties

wheel: $(VENV)/.installed-dev ## Build dist/*.whl
	@$(BIN)/python -m hatchling build -t wheel

clean: ## Remove the environment and everything built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found. Install one, or name it: make PYTHON=/path/to/python3.12 demo"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: '$(PYTHON) -m venv' failed. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.installed: $(BIN)/python pyproject.toml
	@echo "Installing Dateline into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(BIN)/python pyproject.toml
	@echo "Installing Dateline and its development tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

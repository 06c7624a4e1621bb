# The named commands of the project; continuous integration runs the same names (.ci/run) and nothing else.
# Needs python3 (3.11 to 3.13) with pip, and make. Everything is installed into .venv, nothing outside it,
# except that `make test` installs Debian's chromium and PostgreSQL when it runs as root and does not find them.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
COURSE ?= docs/examples/first-course.yaml
FULL ?=

BIN := .venv/bin
CREATED := .venv/.stamp-created
LOCKED := .venv/.stamp-locked
INSTALLED := .venv/.stamp-installed
SOURCES := src tests tools bench

.DEFAULT_GOAL := help
.PHONY: help install demo test browser postgres check format lock reference docs bench peers clean

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

install: $(INSTALLED) ## Create .venv with .venv/bin/spinecourse
	@echo "Installed: .venv/bin/spinecourse"

demo: $(INSTALLED) ## Run the demonstration clinic on 127.0.0.1 (PORT=8000)
	$(BIN)/spinecourse demo --port $(PORT)

test: $(INSTALLED) browser postgres ## Install everything, a browser included, and run all tests
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

browser: # Find a Chromium, or install Debian's
	@tools/ensure-browser

postgres: # Find PostgreSQL's programs, or install Debian's
	@tools/ensure-postgres

check: $(INSTALLED) ## Format, lint, types, floors, lock, generated pages, house rules, knowledge
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy src tools bench
	NO_COLOR=1 $(BIN)/lint-imports --no-logo
	$(BIN)/python tools/check_lock.py
	$(BIN)/python tools/build_reference.py --check
	$(BIN)/pytest tests/test_house.py
	$(BIN)/spinecourse knowledge check

format: $(INSTALLED) ## Put the code into the house format and mend what the linter can
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

lock: $(INSTALLED) ## Write requirements.lock anew from pyproject.toml, keeping versions that still fit
	$(BIN)/python tools/check_lock.py --write

reference: $(INSTALLED) ## Write the generated reference pages anew
	$(BIN)/python tools/build_reference.py

docs: $(INSTALLED) ## Build the documentation as HTML into site/
	$(BIN)/python tools/build_reference.py --check
	$(BIN)/mkdocs build --strict
	@echo "The documentation is in site/index.html"

bench: $(INSTALLED) peers ## Time one assessment, a cold start and a registry (COURSE=file FULL=--full)
	$(BIN)/python bench/assess_one.py $(COURSE)
	$(BIN)/python bench/reasoners.py $(FULL)
	$(BIN)/python bench/measures.py
	$(BIN)/python bench/expect.py
	$(BIN)/python bench/follow.py --most 100000

peers: $(INSTALLED) # Other engines to compare with; one that cannot be installed is skipped, and the table says so
	-@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
	  --no-build-isolation --editable '.[bench]'
	-@command -v npm >/dev/null && npm ci --prefix bench/cql --silent --no-audit --no-fund

clean: ## Remove .venv and everything built
	rm -rf .venv build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "spinecourse needs Python 3.11 or newer, and this is " + sys.version.split()[0] + ": make PYTHON=/path/to/python3.11 ...")'
	@$(PYTHON) -m pip --version >/dev/null || { echo "pip is missing: apt-get install python3-pip" >&2; exit 1; }
	$(PYTHON) -m venv --without-pip .venv
	@touch $@

$(LOCKED): requirements.lock $(CREATED)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
	  --require-hashes --no-deps -r requirements.lock
	@touch $@

$(INSTALLED): pyproject.toml $(LOCKED)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .
	@touch $@

CASES ?= ../shared/cases/dev.jsonl
MECHANISM ?= ../shared/data/smart_mechanism/data.csv

.PHONY: validation
validation: $(INSTALLED) ## Write docs/validation from CASES and MECHANISM, which the package does not hold
	PYTHONPATH=tools $(BIN)/python -m validation $(CASES) $(MECHANISM)

.PHONY: fit
fit: $(INSTALLED) ## Fit the synthesis of the evidence anew and put its draws into the package (some minutes)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
	  --no-build-isolation --editable '.[fit]'
	PYTHONPATH=tools $(BIN)/python -m synthesis_fit

SETS ?= ../shared/data

.PHONY: forecasts
forecasts: $(INSTALLED) ## Write docs/validation/forecasts.md from the patient-level sets in SETS, which the package does not hold
	PYTHONPATH=tools $(BIN)/python -m forecasts $(SETS)

# Diplopedia. `make` alone says what there is.

PYTHON ?= python3
PORT ?= 8000
SIZE ?= S
HALF ?= tuning
DATABASE ?= sqlite
SEARCH ?= tantivy
WORKERS ?= auto

BIN := .venv/bin
APPS := diplopedia manners discussion notices people search home
DEV := $(PYTHON) bootstrap.py --dev

.DEFAULT_GOAL := help
.PHONY: help setup run test unit journeys coverage lint format import-check bench demo screenshots clean evaluate faults words

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  Variables: PORT=8000 DATA_DIR=var PYTHON=python3 SIZE=S|M|L (bench)"

setup: ## Make .venv with everything that running, testing and checking need
	@$(DEV)

run: ## Prepare whatever is missing, then serve on 127.0.0.1:8000 (PORT=, DATA_DIR=)
	@$(PYTHON) bootstrap.py --port "$(PORT)"
	@$(BIN)/python manage.py start --port "$(PORT)"

test: ## Run every test, on SQLite and PostgreSQL, with a real Elasticsearch and a real browser
	@$(DEV)
	@$(BIN)/python -m tests -n $(WORKERS)

unit: ## Run the tests that need no browser
	@$(DEV)
	@$(BIN)/pytest -n $(WORKERS) -m "not journey"

journeys: ## Run the journeys in Chromium only
	@$(DEV)
	@$(BIN)/pytest tests/journeys

coverage: ## Run the tests without a browser and list the lines that none reached
	@$(DEV)
	@$(BIN)/coverage run -m pytest -m "not journey" && $(BIN)/coverage report

lint: ## Check style, types, imports and migrations
	@$(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy
	@$(BIN)/python manage.py makemigrations --check --dry-run --settings diplopedia.settings.test

format: ## Put the code into its one style
	@$(DEV)
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

words: ## Bring the interface's languages up to date with the code, and say what has no words yet
	@$(DEV)
	@$(BIN)/python manage.py words --settings diplopedia.settings.test

import-check: ## Check only that imports go down
	@$(DEV)
	@$(BIN)/lint-imports --no-logo

bench: ## Measure speed against the bars (SIZE=S, M or L; DATABASE=postgresql SEARCH=elasticsearch)
	@$(DEV)
	@$(BIN)/python -m bench --size "$(SIZE)" --database "$(DATABASE)" --search "$(SEARCH)"

evaluate: ## Measure how well judged queries are answered over the demo (SEARCH_URL= another engine)
	@$(DEV)
	@DATA_DIR="$(CURDIR)/var/evaluation" $(BIN)/python manage.py start --prepare-only >/dev/null
	@DATA_DIR="$(CURDIR)/var/evaluation" $(BIN)/python manage.py evaluate_search --baseline bm25 \
		--queries "evaluation/$(HALF).jsonl" --qrels "evaluation/$(HALF).qrels.tsv"

faults: ## Break a real Elasticsearch while people work and 15,000 pages are rebuilt (SIZE=M), or a few
	@$(DEV)
	@FAULTS_SIZE="$(SIZE)" $(BIN)/pytest tests/search/faults -n 0 -v -o log_cli=true

demo: ## Load the demo content into DATA_DIR, or bring it up to date
	@$(PYTHON) bootstrap.py
	@$(BIN)/python manage.py start --prepare-only

screenshots: ## Take docs/images anew from the demo, in Chromium
	@$(DEV)
	@$(BIN)/python -m tests.journeys.screenshots

clean: ## Remove caches and test leftovers (never your data)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage bench/out
	@find $(APPS) tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

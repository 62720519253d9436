# Tallyward. `make help` lists what there is. Two commands on a fresh machine do everything: make demo, make test.
# The first that runs and is new enough; one of a version manager may be there and not run.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
CARDS ?= 1000000
# Days that the traversal is measured on, with few faults and with many; LARGE=10000000, with few, where there are 4 GB of
# disk and half an hour of time.
SIZES ?= $(sort 100000 $(CARDS))
FAULTS ?= 0.1 1
LARGE ?=
# On a build machine nobody presses Ctrl-C: the demo then ends when its day is over, and fails if a fault was missed.
DEMO ?= $(if $(CI),--until-done --no-browser,)
PYTEST ?= -n 2

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo cometbft test check bench docs lock format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## .venv with the pinned packages, and the console's pages built once
	@$(PYTHON) scripts/setup.py platform ui

setup-tests: ## the Debian packages that only tests need (PostgreSQL, Chromium, a Chinese font); asks sudo unless root
	@scripts/system_packages.sh

demo: setup ## a simulated fleet, its records arriving, incidents on a page; DEMO="--cards 1000" changes it
	@$(BIN)/tallyward demo $(DEMO)

cometbft: ## the consensus engine of the custody network, built by the Go tool
	@$(PYTHON) scripts/setup.py platform cometbft

test: ## all tests, Python and pages; PYTEST="-x tests/registry" narrows it
	@$(PYTHON) scripts/setup.py dev ui cometbft
	@$(PYTHON) scripts/setup.py npm run --silent test
	@$(BIN)/pytest $(PYTEST)

check: ## every gate: style, types, import rules, sizes, generated documents, lock files
	@$(PYTHON) scripts/setup.py dev ui-deps
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/house
	$(BIN)/python scripts/lock.py --check
	$(BIN)/python scripts/documents.py --check
	@$(PYTHON) scripts/setup.py npm run --silent check

bench: ## the benchmarks, peers beside us in one run, told in docs/benchmarks.md; CARDS=100000 for a short one
	@$(PYTHON) scripts/setup.py bench
	rm -rf .bench/results && mkdir -p .bench/results
	for cards in $(SIZES); do for share in $(FAULTS); do $(BIN)/python benchmarks/card_scan.py --cards $$cards \
		--fault-share $$share --json .bench/results/card_scan-$$cards-$$share.json || exit 1; done; done
	for cards in $(LARGE); do $(BIN)/python benchmarks/card_scan.py --cards $$cards \
		--json .bench/results/card_scan-$$cards-0.1.json || exit 1; done
	$(BIN)/python benchmarks/live.py --cards $(CARDS) --json .bench/results/live.json
	$(BIN)/python benchmarks/intake.py --json .bench/results/intake.json
	$(BIN)/python benchmarks/decode.py --json .bench/results/decode.json
	$(BIN)/python benchmarks/registry_import.py --cards $(CARDS) --json .bench/results/registry_import.json
	$(BIN)/python benchmarks/custody.py --json .bench/results/custody.json
	@$(PYTHON) scripts/setup.py cometbft
	[ ! -x $(BIN)/cometbft ] || $(BIN)/python benchmarks/custody_network.py --json .bench/results/custody_network.json
	$(BIN)/python benchmarks/custody_risk.py --json .bench/results/custody_risk.json
	$(BIN)/python benchmarks/report.py --folder .bench/results --markdown docs/benchmarks.md

docs: ## write the generated documents again: commands, rules, formats, API
	@$(PYTHON) scripts/setup.py dev
	$(BIN)/python scripts/documents.py

lock: ## write the lock files again; UPGRADE=1 takes newer versions
	@$(PYTHON) scripts/setup.py dev
	$(BIN)/python scripts/lock.py $(if $(UPGRADE),--upgrade,)

format: ## let the formatters have their way
	@$(PYTHON) scripts/setup.py dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean: ## remove what the other commands made; your data folders stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis ui/node_modules src/tallyward/console/static

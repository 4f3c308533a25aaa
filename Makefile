# The one task runner: CI, hooks and the README call these targets. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
WORKERS ?= 2
DATA ?= ../shared/data
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help setup setup-dev env compose-smoke services es es-cluster es-stop up test test-train check lint types layers eval train bench bench-search docs clean floors

help: ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.made:
	@$(PYTHON) tools/python_ok.py
	@echo "Membuat lingkungan Python di $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Memasang Jaring dan pustakanya (beberapa menit, sekali saja) ..."
	@$(BIN)/pip install -q --progress-bar on -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Memasang alat uji ..."
	@$(BIN)/pip install -q -c constraints.txt -e '.[dev]'
	@touch $@

setup: $(VENV)/.installed ## make the environment and install Jaring in it

setup-dev: $(VENV)/.installed-dev ## the same with what tests and checks need

env: ## write the passwords that docker-compose.yml asks for into .env; never changes one
	@$(PYTHON) tools/make_env.py

compose-smoke: ## try docker-compose.yml as a whole; needs Docker
	@tools/compose-smoke $(SMOKE_ARGS)

services: ## install what tests run against: PostgreSQL, Chromium, WordPress with MariaDB, Elasticsearch, axe-core (as root)
	@tools/test-services

es: ## a real Elasticsearch on loopback, fetched from Maven Central; prints the JARING_SEARCH_URL
	@tools/elasticsearch-node start

es-cluster: ## three of them as one cluster
	@tools/elasticsearch-node start --nodes 3

es-stop: ## stop what the two started
	@tools/elasticsearch-node stop

up: setup ## install, create, load the sample and serve on 127.0.0.1:$(PORT)
	@$(BIN)/jaring up --port $(PORT) --sample

test: setup-dev services ## every test, with the real engines
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

test-train: setup-dev ## tests of training the encoder and of transformers checkpoints (installs torch: gigabytes)
	@$(BIN)/pip install -q -c constraints.txt -e '.[dev,train-encoder,transformers]'
	$(BIN)/pytest -q tests/train $(PYTEST_ARGS)

check: setup-dev lint types layers ## lint, types and layers

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

layers: setup-dev
	$(BIN)/lint-imports --no-cache

train: setup-dev ## fit the linear models on DATA (../shared/data) and write nlp/weights
	$(BIN)/jaring train --data $(DATA)

eval: setup-dev ## quality figures beside their floors; reads DATA where it is there
	$(BIN)/jaring eval --data $(DATA)

floors: setup-dev ## raise tests/gold/floors.json to what was measured
	$(BIN)/python -m jaring.floors --data $(DATA) $(FLOORS_ARGS)

bench: setup-dev ## speed, each figure beside the engine's own limit in the same run
	$(BIN)/python -m benches $(BENCH_ARGS)

bench-search: setup-dev ## both engines on the same cases, Elasticsearch beside its bare node; BENCH_ARGS="--cases 1000000 --out docs/bench"
	$(BIN)/python -m benches.elastic $(BENCH_ARGS)

docs: setup-dev services ## pictures of every page and its faces under docs/pages
	$(BIN)/python tools/docs_pages.py

clean: ## remove the environment and caches (no data)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

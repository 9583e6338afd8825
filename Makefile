# make demo   the demo on this machine (PORT=8000)     make test    everything that can be tested here
# make run    development server (PORT=8000)           make check   format, lint, types, floors, deployment
# make fix    format and mend what can be mended       make bench   measure speed (needs PostgreSQL)
# make shots  pictures of the pages                    make setup   only install       make clean  throw away caches and the demo
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-demo demo run test check fix bench shots clean

PORT ?= 8000
# A Python of 3.11 or newer for making .venv; found by itself when not given.
PYTHON ?=
PY := .venv/bin/python
export PYTHON

help:
	@grep -E '^# ?make' Makefile | sed 's/^# //'

setup:
	@bash tools/setup.sh development

setup-demo:
	@bash tools/setup.sh production

demo: setup-demo
	@exec $(PY) tools/serve_demo.py --port $(PORT)

run: setup
	@exec $(PY) tools/serve_demo.py --port $(PORT) --development

test: setup
	@$(PY) tools/run_tests.py $(ARGS)

check: setup
	@bash tools/check.sh

fix: setup
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: setup
	@$(PY) tools/bench.py $(ARGS)

shots: setup
	@$(PY) tools/shots.py $(ARGS)

clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache var/demo var/development var/check
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

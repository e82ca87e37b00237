# make demo   set up and run the demo campaign, then open the studio (SERVE=0 ends instead)
# make test   set up everything for the tests, models included, and run them
# make lint   ruff, mypy, import contracts
# make bench  speed and quality tables in benchmarks/
# make shots  the README's screenshots
# make sets   render the scenes anew (needs Blender's Python package; takes an hour)
# make products  render the demo products anew (likewise; takes half an hour)
# make clean  remove environments, caches and the demo's data

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SERVE  ?= 1
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test lint bench shots sets products clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.stamp-run
	$(BIN)/studio demo $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/.stamp-test
	$(BIN)/python -m pytest

lint: $(VENV)/.stamp-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.stamp-bench
	for script in benchmarks/*.py; do $(BIN)/python "$$script" || exit 1; done
	$(BIN)/python -m benchmarks.bandit.calibration
	$(BIN)/python -m benchmarks.bandit.money
	$(BIN)/python benchmarks/bandit/serving.py
	$(BIN)/python benchmarks/bandit/reduce.py
	$(BIN)/python benchmarks/imaging/creatives.py
	$(BIN)/python benchmarks/imaging/cutout.py
	$(BIN)/python benchmarks/imaging/diffusion.py --write

shots: $(VENV)/.stamp-test
	$(BIN)/python docs/shots.py

sets: .venv-sets/.stamp
	.venv-sets/bin/python assets/source/render.py --all

products: .venv-sets/.stamp
	for script in assets/source/product_*.py; do .venv-sets/bin/python "$$script" || exit 1; done

clean:
	rm -rf $(VENV) .venv-sets studio-data .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Studio needs Python 3.11 or newer; run: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.stamp-run: pyproject.toml constraints.txt | $(VENV)/bin/python
	tools/system-packages run
	@echo "installing Studio (once, a few minutes)"
	$(PIP) --editable .
	@touch $@

$(VENV)/.stamp-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	tools/system-packages test
	@echo "installing Studio with models and test tools (once, a few minutes)"
	$(PIP) --editable '.[models,dev]'
	@touch $@ $(VENV)/.stamp-run

$(VENV)/.stamp-bench: $(VENV)/.stamp-test
	$(PIP) --editable '.[peers]'
	@touch $@

.venv-sets/.stamp: assets/source/requirements.txt
	$(PYTHON) -m venv .venv-sets
	.venv-sets/bin/python -m pip install --quiet --requirement assets/source/requirements.txt
	@touch $@

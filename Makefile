# Two commands do all the set-up: `make demo` runs the main job, `make test` passes the tests.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test browser-test check docs site fuzz shared-test bench clean

demo: $(VENV)/.core
	$(BIN)/tocsin demo -o demo/brief.html

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python docs/build_reference.py --check

docs: $(VENV)/.dev
	$(BIN)/python docs/build_reference.py

site: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	$(BIN)/python docs/check_site.py site

# Property tests on random examples, many more of them: finds what the fixed ones of `make test` do not.
fuzz: $(VENV)/.dev
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -n auto -m "not shared" $(FUZZ)

# The workbench in a real browser. Needs Chromium (CHROMIUM=path, else the one in PATH) and AXE=path of
# axe-core's axe.min.js; both are got by .ci/run. Sockets of this machine are allowed, no others.
browser-test: $(VENV)/.browser
	TOCSIN_BROWSER=1 $(BIN)/python -m pytest -n 2 --dist loadfile -m browser tests/browser \
		-o addopts="--strict-markers --strict-config -ra --allow-hosts=127.0.0.1 --allow-unix-socket"

shared-test: $(VENV)/.dev
	TOCSIN_SHARED=1 $(BIN)/python -m pytest -m shared

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	touch $@

$(VENV)/.docs: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@

$(VENV)/.browser: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable '.[test,browser]'
	touch $@

clean:
	rm -rf $(VENV) demo site build dist

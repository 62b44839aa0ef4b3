# Every target sets up .venv by itself: a fresh clone needs only Python 3.11, make and, for the tests, Chromium and Firefox.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SITE := _build/html
NODE_MODULES := node_modules/.package-lock.json
PYTEST := $(BIN)/python -m pytest -n logical --maxprocesses=4 --no-loadscope-reorder

# One thread a kernel: the matrices of the book are small, and idle threads that spin slow each other down.
export OMP_NUM_THREADS ?= 1
unexport JPY_SESSION_NAME # else the kernels of a make called in JupyterLab took themselves for JupyterLab's

.PHONY: help install book lab test test-fast bench pictures pdf lint lint-js lock links clean

help:
	@echo "make book   execute the chapters and build the website into $(SITE)"
	@echo "make lab    open the chapters in JupyterLab"
	@echo "make test   test the package, the chapters and the website"
	@echo "make test-fast  test the package and every theorem, in a minute and a half"
	@echo "make bench  measure the interactive figures, PCA beside the autoencoder, and pages on a slow line"
	@echo "make pictures  take the pictures of the README from the built website"
	@echo "make pdf    print the built website into _build/book.pdf, with bookmarks"
	@echo "make lint   check style and types, notebooks too, and with Node.js the JavaScript"
	@echo "make links  ask every address that the book gives whether it answers"
	@echo "make lock   pin anew what the packages of requirements.txt need"
	@echo "make clean  remove everything that was built (the environment stays)"

# The lock holds versions only: what a platform, or PyTorch's CPU build, does not need is not installed.
$(INSTALLED): requirements.txt requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt -c requirements.lock
	$(BIN)/python -c "import matplotlib.font_manager" # lists the fonts now, or a page would say that it does
	touch $@

install: $(INSTALLED)

book: $(INSTALLED)
	@$(BIN)/python -m tools.chapters
	$(BIN)/jupyter-book build . -W -n --keep-going --all
	@$(BIN)/python -m tools.build_report

# A notebook is saved with its figures, so that they are there when it is opened again without a kernel.
lab: $(INSTALLED)
	mkdir -p $(VENV)/share/jupyter/lab/settings
	cp tools/lab_overrides.json $(VENV)/share/jupyter/lab/settings/overrides.json
	$(BIN)/jupyter lab --notebook-dir=book $(if $(filter 0,$(shell id -u)),--allow-root)

# One queue, chapters first: the website is built from what they printed, and tested by whoever is free.
test: $(INSTALLED)
	$(PYTEST)

# What needs neither a browser nor a kernel nor a cluster.
test-fast: $(INSTALLED)
	$(PYTEST) -m "not (browser or kernel or cluster)"

bench: book
	$(BIN)/python -m tools.bench_figures
	$(BIN)/python -m tools.bench_cost
	$(BIN)/python -m tools.bench_fit
	$(BIN)/python -m tools.bench_load

pictures: book
	$(BIN)/python -m tools.take_pictures

pdf: book
	$(BIN)/python -m tools.print_book

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python tools/typecheck.py
	$(BIN)/lint-imports --no-cache
	$(BIN)/jactionlint --shellcheck= --pyflakes=
	$(BIN)/zizmor --offline --pedantic .github
	@$(MAKE) --no-print-directory lint-js

# Node.js checks the JavaScript; the book and its tests do without it.
lint-js:
	@if command -v npm > /dev/null; then $(MAKE) --no-print-directory $(NODE_MODULES) && npm run lint && npm test; else \
	  echo "NOT CHECKED: the JavaScript of the figures, for want of Node.js 20.19 or newer with npm." >&2; test -z "$$CI"; fi

$(NODE_MODULES): package.json package-lock.json .npmrc
	npm ci
	touch $@

links: $(INSTALLED)
	$(BIN)/jupyter-book config sphinx .
	$(BIN)/sphinx-build -q -b linkcheck -D nb_execution_mode=off . _build/links

# With UPGRADE=--upgrade, what requirements.txt leaves open goes to its newest version.
lock:
	test -x $(BIN)/uv || { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet uv -c requirements.lock; }
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-package lae-helpers \
	  --annotation-style line --custom-compile-command "make lock" $(UPGRADE) requirements.txt -o requirements.lock

clean:
	rm -rf _build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +

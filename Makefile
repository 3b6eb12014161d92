# Every target makes its own environment in .venv when there is none. `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO_HOME ?= .demo
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SOURCES := pyproject.toml constraints.txt

.PHONY: help demo test test-all ui eval check clean

help:
	@echo "make demo      set up, ingest data/filings, answer three questions"
	@echo "make test      set up, run the quick tests (make test-all: the slow ones too)"
	@echo "make ui        set up, open the chat on http://127.0.0.1:7860"
	@echo "make eval      set up, run the evaluation (dev split, no model)"
	@echo "make check     set up, format, lint, types, layers"
	@echo "make clean     remove the environment and the demo's home"

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made $(SOURCES)
	$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made $(SOURCES)
	$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.runtime

demo: $(VENV)/.runtime
	@$(BIN)/filings --home $(DEMO_HOME) ingest data/filings
	@for question in \
	  "云岚传动2024年营业收入是多少?" \
	  "栖禾生物募投达产年净利润的测算值比申报时少了多少万元?" \
	  "What gross margin did Yunlan (云岚传动) earn on harmonic reducers (谐波减速器) in 2024?"; do \
	  echo; echo "> $$question"; \
	  $(BIN)/filings --home $(DEMO_HOME) ask "$$question" || exit 1; done

test: $(VENV)/.dev
	$(BIN)/python -m pytest

test-all: $(VENV)/.dev
	$(BIN)/python -m pytest -m ""

ui: $(VENV)/.runtime
	$(BIN)/filings ui

eval: $(VENV)/.dev
	$(BIN)/filings eval run --split dev --questions data/qa/sample.jsonl --documents data/filings data/hostile

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) $(DEMO_HOME)

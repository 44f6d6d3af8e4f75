# make demo    set up and size a cluster
# make test    set up and pass every test
# make check   all that CI runs
# make check-iac  what az and checkov say of emitted code; it installs 1 GB of them
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CORPUS := ../shared/corpus

.PHONY: demo test report lint types layers docs generated cov bench bench-quick check check-iac clean

demo: $(VENV)/.runtime
	$(BIN)/ipplan size --nodes 300 --max-pods 30

# COVERAGE=1 collects what is run, for make report.
test: $(VENV)/.all
	$(if $(COVERAGE),$(BIN)/coverage erase)
	$(BIN)/$(if $(COVERAGE),coverage run,python) -m pytest -n 2 --dist worksteal

report:
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

check: lint types layers generated docs cov bench-quick

lint: $(VENV)/.all
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.all
	$(BIN)/mypy
	$(BIN)/pyright

layers: $(VENV)/.all
	$(BIN)/lint-imports

# Pages and README as the rows and the command line have them now; REGENERATE=1 rewrites.
generated: $(VENV)/.all
	$(BIN)/cog $(if $(REGENERATE),-r,--check) -p "import sys; sys.path.insert(0, 'docs')" README.md docs/*.md

docs: $(VENV)/.all
	$(BIN)/sphinx-build -n -W --keep-going -q docs docs/_build/html

cov:
	$(MAKE) test COVERAGE=1
	$(MAKE) report

bench: $(VENV)/.all
	$(BIN)/python -m benchmarks

bench-quick: $(VENV)/.all
	$(BIN)/python -m benchmarks --quick

check-iac: $(VENV)/.all .iac/azure-cli/.done .iac/checkov/.done
	rm -rf .iac/out
	$(BIN)/python -m tests.iac.emitted .iac/out
	AZURE_CONFIG_DIR=.iac/out/profile .iac/azure-cli/bin/python tests/iac/accept_az.py < .iac/out/commands.jsonl
	.iac/checkov/bin/checkov --soft-fail --skip-download -d .iac/out --framework bicep terraform arm -o json > .iac/out/checkov.json
	$(BIN)/python tests/iac/findings.py .iac/out

# Each tool by its name, in a place of its own: what they need would quarrel with ours.
.iac/%/.done:
	$(PYTHON) -m venv .iac/$*
	.iac/$*/bin/python -m pip --disable-pip-version-check --quiet install $*
	touch $@

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/.all: $(VENV)/.runtime
	$(PIP) install --upgrade 'pip>=25.1'
	$(PIP) install --constraint constraints.txt --group test --group bench --group lint --group docs
	touch $@

clean:
	rm -rf $(VENV) .iac docs/_build .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache

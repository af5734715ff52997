# `make demo` runs the demo, `make test` passes the tests. Both create what they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check serve clean

demo: $(VENV)/.ready
	@$(BIN)/repro install >/dev/null
	@$(BIN)/repro demo

test: $(VENV)/.ready
	@$(BIN)/repro install >/dev/null
	$(BIN)/ruff check harness tests benchmarks
	$(BIN)/ruff format --check harness tests benchmarks
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile

serve: $(VENV)/.ready
	@$(BIN)/repro demo serve

$(VENV)/.ready: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build dist

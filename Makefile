# `make demo` sets up and plays the main job against the sandbox; `make test` sets up and runs everything.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8700
BOT_PORT ?= 3978

# The machine's own Node, or the one that comes as a Python package.
NPM = $(shell command -v npm || echo $(abspath $(BIN))/npm)

DEMO_PACE := SENDWELL_CHECK_AFTER=2s,4s,6s,10s,20s SENDWELL_CHECK_EVERY=5s SENDWELL_RELEASE_GRACE=10s \
	SENDWELL_SUPPORT_AFTER=60s SENDWELL_LAG_WINDOW=30s SENDWELL_REMIND_AFTER=45s SENDWELL_ASK_AGAIN_AFTER=30s \
	SENDWELL_WATCH_FOR=5m

.PHONY: setup demo test lint package pictures soak clean

setup: $(VENV)/ready sandbox/page/node_modules/ready tests/judges/node_modules/ready

$(VENV)/ready: requirements.txt requirements-dev.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

%/node_modules/ready: %/package.json %/package-lock.json $(VENV)/ready
	cd $* && PATH="$(abspath $(BIN)):$$PATH" $(NPM) ci --silent --no-audit --no-fund
	touch $@

demo: $(VENV)/ready sandbox/page/node_modules/ready
	$(DEMO_PACE) $(BIN)/python -m sandbox --port $(PORT) --bot-port $(BOT_PORT) -- $(BIN)/python app.py

test: setup lint
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -n 3 --dist worksteal --cov --cov-report=
	$(BIN)/python -m coverage report --fail-under=95 --skip-covered
	$(BIN)/python -m coverage report --fail-under=100 --include='services/domain/*'

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app.py bot cards dialogs services sandbox manifest tests bench

# What is too long for every run: a death at every boundary of every story, and three replicas killed at random.
soak: setup
	$(BIN)/python -m tests.reliability
	$(BIN)/python -m bench.replicas 150

# The README's pictures, as the page is now.
pictures: setup
	SENDWELL_PICTURES=docs/pictures $(BIN)/python -m pytest tests/page -k "good_day_by_clicks and wide"

package: $(VENV)/ready
	$(BIN)/python -m manifest.package

clean:
	rm -rf $(VENV) sandbox/page/node_modules tests/judges/node_modules dist .sandbox .coverage*

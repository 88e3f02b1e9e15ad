# `make demo` sets up and plays the main job against the sandbox; `make test` sets up and runs everything.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8700
BOT_PORT ?= 3978

# Compiled files are kept: a run starts some two hundred processes, and compiling takes most of a start.
unexport PYTHONDONTWRITEBYTECODE

# The machine's own Node, or the one that comes as a Python package.
NPM = $(shell command -v npm || echo $(abspath $(BIN))/npm)

# Where the machine is: the cards' times then are those of the page beside them.
LOCAL_ZONE = $(or $(shell readlink /etc/localtime 2>/dev/null | sed -n 's:.*zoneinfo/*::p'),UTC)
DEMO_TIMING = SENDWELL_TIME_ZONE=$(LOCAL_ZONE) SENDWELL_CHECK_AFTER=2s,4s,6s,10s,20s SENDWELL_CHECK_EVERY=5s SENDWELL_RELEASE_GRACE=10s \
	SENDWELL_SUPPORT_AFTER=60s SENDWELL_LAG_WINDOW=30s SENDWELL_REMIND_AFTER=45s SENDWELL_ASK_AGAIN_AFTER=30s \
	SENDWELL_WATCH_FOR=20m SENDWELL_WATCH_EVERY=5s SENDWELL_CLOCKS_DIFFER_BY=1s \
	SENDWELL_PROVE_AFTER=10s,20s,30s,45s,60s,75s,90s,2m,150s,3m,4m,5m,6m,7m,8m,10m,12m,15m

# What runs the tests: pytest, or `tests.again`, which runs once more, alone, what failed (CI does).
RUN_TESTS ?= pytest

# How many weeks `make simulate` plays, or which: SEEDS=500-999.
SEEDS ?= 100

.PHONY: help setup demo test tests test-postgres coverage audit guided-fuzz lint package pictures simulate simulate-planted bench bench-quick bench-intents judge-bounces soak clean

help:  ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/ready sandbox/page/node_modules/ready tests/judges/node_modules/ready  ## install what the tests and the demo need

$(VENV)/ready: requirements.txt requirements-dev.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

%/node_modules/ready: %/package.json %/package-lock.json $(VENV)/ready
	cd $* && PATH="$(abspath $(BIN)):$$PATH" $(NPM) ci --silent --no-audit --no-fund
	touch $@

demo: $(VENV)/ready sandbox/page/node_modules/ready  ## try it in a browser, from the start; KEEP=1 keeps what was before
	@$(DEMO_TIMING) $(BIN)/python -m sandbox --port $(PORT) --bot-port $(BOT_PORT) $(if $(KEEP),,--fresh) -- $(BIN)/python app.py

# Lint runs beside the tests, which often wait; what failed is printed at the end of either.
test: setup  ## lint and run all tests
	$(BIN)/python -m tests.browser
	$(MAKE) --no-print-directory --jobs=2 lint tests

tests: setup  ## run all tests
	$(BIN)/python -m $(RUN_TESTS) -n 4 --dist worksteal

# All tests once more, watching which lines they run, in the bot's own processes too; twice as long as the tests alone.
coverage: setup  ## run all tests and count the lines they run
	$(BIN)/python -m pytest -n 4 --dist worksteal --cov --cov-report=
	$(BIN)/python -m coverage report --fail-under=95 --skip-covered
	$(BIN)/python -m coverage report --fail-under=100 --include='services/domain/*'

lint: $(VENV)/ready  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app.py bot cards dialogs services sandbox manifest tests bench

# Every story once more, in-process and over HTTPS, with PostgreSQL in SQLite's place.
test-postgres: setup  ## every story once more on PostgreSQL
	SENDWELL_TEST_POSTGRES=1 $(BIN)/python -m pytest -n 2 --dist worksteal tests/dialogs tests/reliability tests/stories

# A minute for each reader of texts, where there is a wheel of atheris for this Python.
GUIDED ?= 60
guided-fuzz: setup  ## odd texts that follow the readers' branches
	$(BIN)/python -m pip install --quiet --only-binary=:all: --no-deps --target $(VENV)/atheris atheris==3.0.0 || \
	  { echo "There is no wheel of atheris for this Python: tests.fuzz alone reads odd texts."; exit 0; }
	for reader in bounces wishes commands reasons; do \
	  PYTHONPATH=$(VENV)/atheris $(BIN)/python -m tests.guided_fuzz $$reader $(GUIDED) || exit 1; done

# Known vulnerabilities, where their data source can be reached; the tool lives in an environment of its own.
audit: setup  ## look for known vulnerabilities in what is installed
	test -x $(VENV)/audit/bin/pip-audit || { $(BIN)/python -m venv $(VENV)/audit && \
	  $(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m tests.audit $(VENV)/audit/bin/pip-audit $(NPM)

# What is too long for every run: a death at every boundary of every story, two hundred random stories, every fact that
# gets worse beside every decision, a hundred simulated weeks, every fault at every use, a million odd texts and answers,
# twenty thousand odd activities, slow peers, load, and three replicas killed at random.
soak: setup  ## what is too long for every run
	$(BIN)/python -m tests.reliability
	$(BIN)/python -m tests.fuzz 1000000
	$(MAKE) --no-print-directory guided-fuzz
	SENDWELL_SOAK=200 $(BIN)/python -m pytest tests/reliability/test_machine.py tests/bot/test_fuzz.py \
	  tests/dialogs/test_worsening.py
	$(BIN)/python -m bench.faults
	$(BIN)/python -m bench.peers
	$(BIN)/python -m bench.load
	$(BIN)/python -m bench.replicas 500
	$(BIN)/python -m tests.simulation 100

# Weeks of three replicas, each decided by one seed, to the last turn of the event loop. A seed that breaks a promise is
# printed with the events that it takes and the command that plays those again; `python -m tests.simulation 17 --again`
# plays the whole of that week once more, with all that happened.
simulate: $(VENV)/ready  ## play simulated weeks: SEEDS=500
	$(BIN)/python -m tests.simulation $(SEEDS)

# How many seeds find each of the bugs that are planted into a copy of the tree.
simulate-planted: $(VENV)/ready  ## how many seeds find each planted bug
	$(BIN)/python -m tests.simulation --planted --jobs 2

# How well people's wishes are read, in nine languages: accuracy and the confusion table.
bench: setup  ## Sendwell beside its peers and the floor, over http and https: ROUNDS=3 takes some ten minutes
	$(BIN)/python -m bench.compare $(or $(ROUNDS),3)

bench-quick: setup  ## the edge and a first look beside stock botbuilder and the floor, in a minute
	$(BIN)/python -m bench.compare quick

bench-intents: setup  ## how well wishes are read, with the confusion table
	$(BIN)/python -m bench.intents

# How bounces are read, against the names of the folders that they are in: FOLDER=… for some of one's own.
FOLDER ?= tests/bounces
judge-bounces: $(VENV)/ready  ## how well bounces in a folder are read: FOLDER=...
	$(BIN)/python -m bench.judge_bounces $(FOLDER)

# The README's pictures, as cards and page are now; a test holds the words in them against today's cards.
pictures: setup  ## draw the README's pictures anew
	$(BIN)/python -m tests.cards.docs_pictures
	SENDWELL_PICTURES=1 $(BIN)/python -m pytest tests/page/test_good_day.py -k "the_good_day_by_clicks and wide"

package: $(VENV)/ready  ## build the app package for Teams
	$(BIN)/python -m manifest.package

clean:  ## delete everything that was installed or built
	rm -rf $(VENV) sandbox/page/node_modules tests/judges/node_modules dist .sandbox .coverage*

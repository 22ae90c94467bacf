# Two commands do everything: `make site` and `make test`. The others are for those who change the code.

PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n 2 --dist worksteal
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: site serve quick test check protect bench lock clean

site: .venv/site ## build the release, verify it, write build/site
	$(BIN)/borderstats site

serve: .venv/site ## pages, files, API and SDMX of the newest release on 127.0.0.1
	@test -d build/releases || { echo "no release yet; run make site first"; exit 2; }
	$(BIN)/borderstats publish "build/releases/$$(ls -t build/releases | head -n 1)" --static build/public
	$(BIN)/borderstats serve build/public

quick: check ## check, and the tests that are not slow: what to run after every change
	$(PYTEST) -m "not slow"

test: .venv/dev build/duckdb-http/.stamp node_modules/.stamp ## everything needed to run the tests, and the tests
	tools/system 'curl --version' curl
	tools/system 'test -x /usr/bin/chromium' chromium
	tools/system 'java -version' openjdk-17-jre-headless
	tools/system "Rscript -e 'library(readr); library(rsdmx)'" r-base-core r-cran-readr r-cran-rsdmx
	tools/system 'command -v wrk' wrk
	tools/system 'soffice --version' libreoffice-calc-nogui
	tools/system '/usr/sbin/nginx -v' nginx-light
	$(MAKE) --no-print-directory check
	$(PYTEST) --durations 15

check: .venv/dev ## style, types, direction of dependencies, the standard
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/borderstats standard check

protect: .venv/protect ## the compiled part of disclosure control, with a C++ compiler

bench: .venv/dev ## against peers in one run: published files, records (20 GB of disk for a while), disclosure control, serving
	tools/system 'command -v wrk' wrk
	test -d build/releases || $(BIN)/borderstats site
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/run_time.py
	$(BIN)/python benchmarks/run_records.py
	$(BIN)/python benchmarks/run_protect.py
	$(BIN)/python benchmarks/run_serve.py

lock: ## write the lock files anew
	tools/lock

clean:
	rm -rf .venv build node_modules src/borderstats/protect/*.so src/borderstats/protect/moves.cpp

# What runs the product, and nothing else.
.venv/site: requirements.lock pyproject.toml
	tools/venv $(PYTHON) requirements.lock
	touch $@

# The one compiled module, made anew when its source changes; only suppression of small counts needs it.
.venv/protect: .venv/site src/borderstats/protect/moves.pyx
	tools/compiled
	touch $@

# The same and what tests and checks need.
.venv/dev: requirements-dev.lock .venv/protect
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.lock
	touch $@

# A version of DuckDB for which its extension for HTTP is packaged: only tests of who reads our files with it use it.
build/duckdb-http/.stamp: requirements-duckdb-http.lock
	$(PYTHON) -m venv build/duckdb-http
	build/duckdb-http/bin/pip install --quiet --require-hashes --requirement requirements-duckdb-http.lock
	touch $@

node_modules/.stamp: package-lock.json
	tools/system 'npm --version' npm
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

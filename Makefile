# Two commands do everything: `make site` and `make test`. The others are for those who change the code.

PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: site serve test check bench lock clean

site: .venv/site ## build the release, verify it, write build/site
	$(BIN)/borderstats site

serve: .venv/site ## pages, files, API and SDMX of the newest release on 127.0.0.1
	@test -d build/releases || { echo "no release yet; run make site first"; exit 2; }
	$(BIN)/borderstats publish "build/releases/$$(ls -t build/releases | head -n 1)" --static build/public
	$(BIN)/borderstats serve build/public

test: .venv/dev node_modules/.stamp ## everything needed to run the tests, and the tests
	tools/system chromium
	tools/system java openjdk-17-jre-headless
	tools/system Rscript r-cran-readr r-cran-rsdmx
	$(MAKE) --no-print-directory check
	$(BIN)/pytest -n 2 --dist worksteal

check: .venv/dev ## style, types, direction of dependencies, the standard
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/borderstats standard check

bench: .venv/dev ## against peers in one run: published files, records (20 GB of disk for a while), disclosure control, serving
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/run_records.py
	$(BIN)/python benchmarks/run_protect.py
	tools/system wrk
	$(BIN)/python benchmarks/run_serve.py

lock: ## write the lock files anew
	tools/lock

clean:
	rm -rf .venv build node_modules src/borderstats/protect/*.so src/borderstats/protect/moves.cpp

# What runs the product, and nothing else; its compiled part is made anew when its source changes.
.venv/site: requirements.lock pyproject.toml src/borderstats/protect/moves.pyx
	tools/venv $(PYTHON) requirements.lock
	touch $@

# The same and what tests and checks need.
.venv/dev: requirements-dev.lock .venv/site
	tools/venv $(PYTHON) requirements-dev.lock
	touch $@

node_modules/.stamp: package-lock.json
	tools/system npm
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

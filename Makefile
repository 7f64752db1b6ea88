# Attune. `make` builds the library, the command and the worker; `make help` lists the rest.
#
# Every target installs what it needs itself where apt-get is at hand, and says so first.

VERSION := 0.1.0
SONAME  := 0
PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?=

# The shipping build: self-contained (Swift's runtime, libffi and SQLite inside), laid out as it is installed.
SCRATCH := .build-attune
TREE    := $(CURDIR)/$(SCRATCH)/tree
CHECK   := --explicit-target-dependency-import-check error
SHIP    := ATTUNE_SO=1 swift build -c release $(CHECK) --scratch-path $(SCRATCH) \
           -Xswiftc -static-stdlib --static-swift-stdlib
NEED    := sh Sources/packaging/need.sh
LANGUAGES := cc rustc go:golang-go javac:default-jdk-headless pkg:libjna-java luajit ruby perl pkg:libffi-platypus-perl \
             R:r-base-core make guile:guile-3.0
IN_TREE := ATTUNE_TREE="$(TREE)" PATH="$(TREE)/bin:$$PATH" LD_LIBRARY_PATH="$(TREE)/lib" \
           PKG_CONFIG_PATH="$(TREE)/lib/pkgconfig"

.PHONY: build
build: ## Build the library, the command and the worker into .build-attune/tree (the default)
	@$(NEED) swift cc pkg:libffi-dev pkg:libsqlite3-dev
	@# A changed export list alone does not relink.
	@if [ Sources/AttuneCABI/attune.map -nt $(SCRATCH)/release/libAttuneC.so ]; then rm -f $(SCRATCH)/release/libAttuneC.so; fi
	@# SwiftPM 6.3 fails with "unknown build description" when it finds an old plan; a new one costs nothing.
	@rm -f $(SCRATCH)/*.yaml
	$(SHIP)
	@VERSION=$(VERSION) SONAME=$(SONAME) sh Sources/packaging/stage.sh "$(SCRATCH)" "$(TREE)"

.PHONY: demo
demo: build ## Build, compile a real plugin, tune a support vector machine on real data, show the result
	@$(NEED) pkg:libsvm-dev
	$(MAKE) -C examples-c/svm
	@$(IN_TREE) sh Tests/demo.sh

.PHONY: test
test: wheel ## Test the engine, the C ABI, plugins, the command, storage (at most 15 minutes on 2 cores)
	@$(NEED) cc c++ python3 pkg-config pkg:libsvm-dev pkg:libxgboost-dev pkg:libfann-dev
	@$(IN_TREE) sh Tests/test.sh

.PHONY: test-all
test-all: wheel ## The rest: studies shared with Optuna, PostgreSQL, Python beside its peers, other languages, sanitizers, install trees, ABI comparison, full examples, longer fuzzing
	@$(NEED) cc c++ python3 pkg-config valgrind cmake abidiff:abigail-tools pkg:libsvm-dev pkg:libxgboost-dev pkg:libfann-dev python3-venv:python3-venv pkg:postgresql pkg:libpq5 setpriv:util-linux $(LANGUAGES)
	@$(IN_TREE) sh Tests/test-all.sh

.PHONY: test-languages
test-languages: build ## Run one program in nine languages against the library, and compare what they print with C's
	@$(NEED) $(LANGUAGES)
	@$(IN_TREE) sh Tests/languages/run.sh "$(TREE)/lib" "$(TREE)/include"

.PHONY: torture
torture: ## Kill running studies KILLS times (default 2000) at any moment; run SOAK trials (default 100000) on 64 jobs
	@$(NEED) swift pkg:libffi-dev pkg:libsqlite3-dev
	ATTUNE_QUICK_TESTS=1 ATTUNE_KILLS=$(or $(KILLS),2000) ATTUNE_SOAK=$(or $(SOAK),100000) \
		swift test $(CHECK) --filter 'CrashTests|SoakTests'

.PHONY: wheel
wheel: build ## Build the Python wheel into .build-attune/wheel
	@$(NEED) python3 python3-venv:python3-venv
	@sh Sources/packaging/wheel.sh "$(TREE)" "$(SCRATCH)/wheel"

.PHONY: test-python
test-python: wheel ## Test the Python package beside scikit-learn, Optuna and Hyperopt, and measure its cost
	@$(NEED) cc
	@$(IN_TREE) sh Tests/python/run.sh all "$(SCRATCH)/wheel"

.PHONY: fuzz
fuzz: build ## Fuzz the C ABI for FUZZ_SECONDS (default 600)
	@$(NEED) cc
	@$(IN_TREE) sh Tests/ABI/fuzz.sh $(or $(FUZZ_SECONDS),600)

.PHONY: bench
bench: build ## Measure overhead, Optuna beside it where python3 can have it; fail when strategies find worse than before
	@$(NEED) cc python3 python3-venv:python3-venv pkg:postgresql pkg:libpq5 pkg:libxgboost-dev setpriv:util-linux
	@$(IN_TREE) sh Tests/bench/run.sh "$(SCRATCH)/release/attune-bench"

.PHONY: peers
peers: build ## Run the problems that other tuners were recorded on, and print where Attune stands
	@$(NEED) cc python3 python3-venv:python3-venv
	@$(IN_TREE) sh Tests/peers/run.sh

.PHONY: install
install: build ## Install into PREFIX (default /usr/local; DESTDIR is put before it)
	@sh Sources/packaging/install.sh "$(TREE)" "$(DESTDIR)$(PREFIX)"

.PHONY: uninstall
uninstall: ## Remove what install put into PREFIX
	@sh Sources/packaging/uninstall.sh "$(DESTDIR)$(PREFIX)"

.PHONY: lint
lint: ## Check the format of the Swift sources, and the C headers with every warning on
	@$(NEED) swift cc
	swift format lint --strict --recursive Package.swift Sources Tests
	sh Tests/ABI/header_test.sh

.PHONY: docs
docs: ## Write the Swift documentation into .build-attune/docs
	@$(NEED) swift
	sh Sources/packaging/docs.sh "$(SCRATCH)/docs"

.PHONY: clean
clean: ## Remove everything built
	rm -rf .build .build-* .build_*
	@for dir in examples-c/*/Makefile; do $(MAKE) -s -C "$$(dirname $$dir)" clean; done

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

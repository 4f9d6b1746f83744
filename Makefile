# The commands that one needs to know: make run, make test. `make help` lists the rest.

# Debian packages that ablate builds and runs with.
PACKAGES := libopenblas-dev libfftw3-dev libsndfile1-dev libsoxr-dev libxxhash-dev libarchive-dev libhdf5-dev libsqlite3-dev pkg-config gnuplot-nox

# Sampled instruments, drums, keyboards and speech: the source of `make recordings`.
RECORDING_PACKAGES := fluid-soundfont-gm avldrums.lv2-soundfont hydrogen-data bucklespring-data klettres-data

# Sounds of games and educational programs: the source of `make recordings UNLABELLED=1`.
UNLABELLED_PACKAGES := lincity-ng-data scorched3d-data hydrogen-drumkits hedgewars-data tuxpaint-stamps-default \
	ktuberling-data fillets-ng-data-cs fillets-ng-data-nl

# Measured head-related impulse responses (KEMAR), for `make check-physics`.
HEAD_PACKAGE := soundscaperenderer-common

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install run test lint format build examples check-examples check-bridges checks bench performance bench-peers peers check-terminal check-pages check-physics check-statistics check-memory check-slurm bench-slurm dist check-dist torture recordings studies toolchain packages

# The program says in a report which commit it was built from.
export ABLATE_COMMIT := $(shell git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null)

ABLATE := .build/release/ablate
CHECKS := .build/release/ablate-checks

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 20

PREFIX ?= /usr/local
install: build ## install ablate, its manual and what shells complete below PREFIX (/usr/local)
	@install -D -m 755 $(ABLATE) $(DESTDIR)$(PREFIX)/bin/ablate
	@share=$(DESTDIR)$(PREFIX)/share; \
	for place in bash:bash-completion/completions/ablate zsh:zsh/site-functions/_ablate \
	    fish:fish/vendor_completions.d/ablate.fish; do \
	  mkdir -p "$$(dirname "$$share/$${place#*:}")"; \
	  $(ABLATE) --generate-completion-script $${place%%:*} > "$$share/$${place#*:}"; \
	done; \
	$(ABLATE) manual "$$share/man"

run: build ## build ablate and run sweeps/quickstart.yaml
	@$(ABLATE) run sweeps/quickstart.yaml

test: toolchain packages ## build and run the tests
	@swift build -c release --build-tests
	@swift test -c release --skip-build --disable-xctest

lint: toolchain ## check the format of the sources
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests Examples

format: toolchain ## format the sources in place
	@swift format format --in-place --recursive --parallel Package.swift Sources Tests Examples

build: toolchain packages ## build the release executable, $(ABLATE)
	@swift build -c release --product ablate

examples: toolchain packages ## build and run Examples/OwnTrainer as a package of its own, by version
	@Examples/OwnTrainer/check.sh

# Not part of the tests, which need no Python: with that of `make peers` where it is there.
PYTHON = $(if $(wildcard $(PEERS)/bin/python3),$(PEERS)/bin/python3,python3)
check-examples: build ## run the examples in Python small; what has no library is skipped aloud
	@Examples/check-python.sh $(ABLATE) $(PYTHON)

BRIDGES := .build/bridges
check-bridges: build ## have Optuna, its dashboard, TensorBoard, MLflow, pandas and DuckDB read exports back
	@$(call install,python3-venv)
	@[ -x $(BRIDGES)/bin/python ] || python3 -m venv $(BRIDGES)
	@$(BRIDGES)/bin/pip install --quiet --requirement Tests/Bridges/requirements.txt
	@Tests/Bridges/check.sh $(ABLATE) $(BRIDGES)/bin/python

checks: build
	@swift build -c release --product ablate-checks

bench: checks ## measure this build: speed, memory, overhead; writes results/bench.json
	@$(CHECKS) bench --layers --json results/bench.json

performance: checks ## measure time against sizes, threads and workers on a quiet machine; writes docs/performance.md
	@$(CHECKS) scaling --into docs/performance.md

PEERS := .build/peers
# PyTorch is 2.3 times faster with this allocator: measured without it, it would not be a rival.
PEER_PACKAGES := python3-venv libjemalloc2
peers:
	@$(call install,$(PEER_PACKAGES))
	@[ -x $(PEERS)/bin/python ] || python3 -m venv $(PEERS)
	@$(PEERS)/bin/pip install --quiet --requirement Tests/Peers/requirements.txt

bench-peers: build checks peers ## the same beside PyTorch, librosa and pyroomacoustics, in turn; writes results/bench.json
	@$(PEERS)/bin/python Tests/Peers/compare.py $(CHECKS) results/bench.json

check-physics: checks peers ## rooms, features and directions against a measured head, pyroomacoustics and librosa
	@$(call install,$(HEAD_PACKAGE))
	@$(PEERS)/bin/python Tests/Peers/physics.py $(ABLATE)

BROWSER_PACKAGE := chromium
check-terminal: build ## a newcomer's first minutes on a terminal of 80 columns, as text: results/terminal.txt
	@mkdir -p results
	@Tests/Terminal/record.sh $(ABLATE) results/terminal.txt

check-pages: build checks ## watch a real sweep in headless Chromium; pictures in results/pages
	@if ( $(call install,$(BROWSER_PACKAGE)) ); then $(CHECKS) pages; \
	else echo "SKIPPED: $(BROWSER_PACKAGE) cannot be installed here, so the page is not looked at"; fi

check-statistics: checks ## verdicts, sequences, best sets and intervals on data whose truth is known: results/statistics
	@mkdir -p results/statistics
	@$(CHECKS) statistics > results/statistics/README.md.new && mv results/statistics/README.md.new results/statistics/README.md

SANITIZED := --configuration release --sanitize=address --scratch-path .build-asan
check-memory: toolchain packages ## the tests, odd settings, hostile files and 100,000 changed ones under AddressSanitizer
	@swift build $(SANITIZED) --build-tests
	@swift build $(SANITIZED) --product ablate
	@swift build $(SANITIZED) --product ablate-checks
	@ASAN_OPTIONS=detect_leaks=0 swift test $(SANITIZED) --skip-build --disable-xctest
	@Tests/Memory/check.sh .build-asan/release/ablate

check-slurm: build ## a sweep on a real Slurm of two nodes, disturbed in many ways (root; 20 minutes)
	@Tests/Slurm/check.sh $(ABLATE)

bench-slurm: build ## what the machinery of clusters costs: a task's start, 10,000 results, status
	@Tests/Slurm/figures.sh $(ABLATE)

DIST_PACKAGES := binutils
dist: toolchain packages ## archives and packages for machines without Swift, for two levels of processors: .build/dist
	@$(call install,$(DIST_PACKAGES))
	@Packaging/archive.sh v3
	@Packaging/archive.sh v4

check-dist: ## try what `make dist` made in an empty Debian (root, a mirror; 5 minutes)
	@if ( $(call install,debootstrap) ); then Packaging/check.sh; \
	else echo "SKIPPED: debootstrap cannot be installed here, so the archives are not tried"; fi

torture: checks ## kill runs at every moment, fill a disk, and check that nothing is lost
	@disk="$$(mktemp -d)"; trap 'umount "$$disk" 2>/dev/null; rmdir "$$disk"' EXIT; \
	if mount -t tmpfs -o size=64m tmpfs "$$disk" 2>/dev/null; then $(CHECKS) torture --small-disk "$$disk"; \
	else echo "no right to mount a small disk: the full disk is left out"; $(CHECKS) torture; fi

recordings: build ## build a labelled folder of real recordings; UNLABELLED=1 adds a pool without labels (644 MB to fetch)
	@if [ -f results/instruments/manifest.csv ]; then \
	  echo "results/instruments is there already"; \
	else \
	  $(call install,$(RECORDING_PACKAGES)); \
	  $(ABLATE) data recordings results/instruments; \
	fi
	@if [ -z "$(UNLABELLED)" ]; then exit 0; \
	elif [ -f results/instruments/manifest-unlabelled.csv ]; then \
	  echo "results/instruments/manifest-unlabelled.csv is there already"; \
	else \
	  $(call install,$(UNLABELLED_PACKAGES)); \
	  $(ABLATE) data recordings results/instruments --unlabelled; \
	fi

# sweeps/tau2019.yaml needs a data set that no package has.
STUDIES := table1 first-experiments leave-one-out augmentation-powerset channel-drop batch-temperature \
	rt60 microphones motion-overlap noise label-fractions encoder-size seven-probes
studies: recordings ## run every small study on those recordings; tables and reports in results/studies
	@for study in $(STUDIES); do \
	  $(ABLATE) run sweeps/$$study.yaml -S scale=small -S data.source=manifest \
	    -S data.path=results/instruments/manifest.csv --results results/studies; \
	  $(ABLATE) report $$study --results results/studies; \
	done

toolchain:
	@if ! command -v swift >/dev/null; then \
	  echo "ablate: no Swift toolchain found: install Swift 6.1 or newer (https://www.swift.org/install/linux) and put its usr/bin on the PATH" >&2; \
	  exit 1; \
	fi

# $(call install,PACKAGES): asks dpkg which are missing and installs those alone; says what to do where
# it may not.
install = \
	missing=""; \
	for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then as_root=""; \
	  elif sudo -n true 2>/dev/null; then as_root="sudo -n"; \
	  else \
	    echo "ablate: packages are missing and this user may not install them; ask an administrator to run: apt-get install$$missing" >&2; \
	    exit 1; \
	  fi; \
	  echo "Installing$$missing"; \
	  $$as_root apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	fi

packages:
	@$(call install,$(PACKAGES))

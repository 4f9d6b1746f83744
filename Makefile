# The commands that one needs to know: make run, make test. `make help` lists the rest.

# Debian packages that ablate builds and runs with.
PACKAGES := libopenblas-dev libfftw3-dev libsndfile1-dev libsoxr-dev libxxhash-dev libsqlite3-dev pkg-config gnuplot-nox

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint format build toolchain packages

ABLATE := .build/release/ablate

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 20

run: build ## build ablate and run sweeps/quickstart.yaml
	@$(ABLATE) run sweeps/quickstart.yaml

test: toolchain packages ## build and run the tests
	@swift build -c release --build-tests
	@swift test -c release --skip-build --disable-xctest

lint: toolchain ## check the format of the sources
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

format: toolchain ## format the sources in place
	@swift format format --in-place --recursive --parallel Package.swift Sources Tests

build: toolchain packages ## build the release executable, $(ABLATE)
	@swift build -c release --product ablate

toolchain:
	@if ! command -v swift >/dev/null; then \
	  echo "ablate: no Swift toolchain found: install Swift 6.1 or newer (https://www.swift.org/install/linux) and put its usr/bin on the PATH" >&2; \
	  exit 1; \
	fi

# Asks dpkg which packages are missing and installs those alone; says what to do where it may not.
packages:
	@missing=""; \
	for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ]; then as_root=""; \
	elif sudo -n true 2>/dev/null; then as_root="sudo -n"; \
	else \
	  echo "ablate: packages are missing and this user may not install them; ask an administrator to run: apt-get install$$missing" >&2; \
	  exit 1; \
	fi; \
	echo "Installing$$missing"; \
	$$as_root apt-get update -qq; \
	DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -qq -y --no-install-recommends $$missing >/dev/null

# Lockstep. Each of these first installs what is missing; a second time it only does what has changed.
#
#   make run      build and open the application
#   make test     every check and every test
#   make sim      what keeping in step does under random edits and faults, from more seeds: make sim SEEDS=2000 FIRST=0
#   make soak     half an hour of keeping in step while people edit on both sides and things go wrong in between
#   make bench    what an import costs beside an ordinary client, and what keeping in step costs; takes half an hour
#   make package  a package for this system, in target/release/bundle
#   make setup    only install what building and testing need

SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(CURDIR)/target

.PHONY: run test sim soak bench package setup
.DELETE_ON_ERROR:

run:
	@.ci/setup run
	@$(MAKE) --no-print-directory ui/dist/index.html
	@cargo build --workspace
	@.ci/open

test:
	@.ci/setup test
	@.ci/test

SEEDS ?= 2000
FIRST ?= 0
sim:
	@.ci/setup test
	@LOCKSTEP_SIM_SEEDS=$(SEEDS) LOCKSTEP_SIM_FIRST=$(FIRST) cargo test --workspace --test sim -- nothing_is_lost

soak:
	@.ci/setup test
	@cargo run --release --quiet -p lockstep-tests --example soak -- $(SOAK)

# What is measured is what is shipped: the release profile. BENCH narrows it, as in
# make bench BENCH="--faces cloud --issues 10000 --latency-ms 0,80"
bench:
	@.ci/setup test
	@cargo run --release --quiet -p lockstep-tests --example bench -- $(BENCH)

# The command line goes into the package beside the window.
package: COMMAND_LINE = {"bundle":{"linux":{"deb":{"files":{"/usr/bin/lockstep":"$(CARGO_TARGET_DIR)/release/lockstep"}}}}}
package:
	@.ci/setup run
	@$(MAKE) --no-print-directory ui/dist/index.html
	@cargo build --release --package cli
	@cd ui && npm run --silent tauri -- build --config '$(COMMAND_LINE)'

setup:
	@.ci/setup test

# The interface, embedded into both programs when they are built. Made again only when a source of it is newer, so that
# they are not built again either.
ui/dist/index.html: $(shell find ui/src ui/public -type f 2>/dev/null) ui/index.html ui/package-lock.json ui/vite.config.ts
	@cd ui && npm run --silent build
	@touch $@

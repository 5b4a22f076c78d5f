# Every command works on a fresh Debian 12 machine with Go and Node; what else is needed is installed or embedded, once.
.DEFAULT_GOAL := help
.PHONY: help run test loadtest bench bench-gate bench-baseline bench-prove verify lint fmt clean services

TOOL    := go tool -modfile=.ci/tools.mod
# Built, then run: `go run` would hide exit codes and keep signals from what it runs.
BACKING := go build -o bin/ ./infra/local/cmd/backing && exec bin/backing
SUITE   ?= surge
ARGS    ?=

help: ## show this
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set everything up and run the whole system with a demo on-sale; Ctrl-C stops it
	@echo "building the launcher"; go build -o bin/ ./infra/local/cmd/anteroom && exec bin/anteroom $(ARGS)

test: ## all tests, on a real Redis and a real PostgreSQL of their own
	@$(BACKING) exec --fast -- .ci/test

loadtest: ## run a suite against a system of its own (SUITE=surge, ARGS="--scale 0.5"); SUITE=all runs every one; docs/loadtest.md
	@go build -buildvcs=auto -o bin/ ./loadtest/cmd/loadtest && exec bin/loadtest run $(SUITE) $(ARGS)

bench: ## measure, and write BENCHMARKS.md
	@go build -o bin/ ./benchmarks/cmd/bench && $(BACKING) exec -- bin/bench measure $(ARGS)

bench-gate: ## compare with the recorded baseline, and fail on a regression
	@go build -o bin/ ./benchmarks/cmd/bench && $(BACKING) exec -- bin/bench gate $(ARGS)

bench-baseline: ## record what is measured now as the baseline
	@go build -o bin/ ./benchmarks/cmd/bench && $(BACKING) exec -- bin/bench baseline $(ARGS)

bench-prove: ## show on this machine that the gate finds 15 % and accuses nobody
	@go build -o bin/ ./benchmarks/cmd/bench && bin/bench prove $(ARGS)

verify: ## formatting, lint, import rules, generated files, web types
	@.ci/verify

lint: ## the Go linter alone
	@$(TOOL) golangci-lint run

fmt: ## format Go and web sources
	@gofmt -w waitroom booking admin-api loadtest benchmarks internal infra
	@cd spa && npm run --silent format

services: ## a private Redis and PostgreSQL in the foreground, for `go test` by hand
	@$(BACKING) serve

clean: ## remove what was built and the state of `make run`
	@rm -rf bin .run report.json report.html run.journal run-*.journal reports spa/node_modules spa/apps/*/dist

# The front door of the repository: `make help` lists what there is.

PNPM := npx --yes pnpm@12.21.0
# The Node that the workspace installs comes before the machine's own.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export npm_config_update_notifier := false

CONTRACTS := $(shell find protobufs packages/rpc/protobufs -name '*.proto') buf.gen.yaml packages/rpc/buf.gen.yaml
INSTALLED := node_modules/.installed
GENERATED := node_modules/.generated

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types contracts gen clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(GENERATED) ## set everything up and open the store on http://localhost:5000
	@cd packages/shop && exec node src/main.ts

test: $(GENERATED) ## set everything up and run every test
	@$(PNPM) -r test

check: contracts format-check lint types ## check contracts, format, lint and types, as CI does

format: $(GENERATED) ## format every file
	@biome check --colors=off --write .
	@$(PNPM) --filter @books/proto run format

format-check: $(GENERATED)
	@biome ci --colors=off . || { echo 'Run `make format` to mend this.'; exit 1; }

lint: $(GENERATED) ## find suspicious code
	@oxlint --type-aware --deny-warnings

types: $(GENERATED) ## check the types of every package
	@$(PNPM) -r run typecheck

contracts: $(GENERATED) ## lint the contracts, find breaking changes and stale stubs
	@$(PNPM) --filter @books/proto run check

gen: $(INSTALLED) ## generate the stubs from the contracts
	@$(PNPM) -r run gen
	@touch $(GENERATED)

clean: ## remove what was installed, generated or stored here
	rm -rf node_modules packages/*/node_modules packages/*/src/gen packages/*/.data artefacts

# An install generates the stubs as well.
$(INSTALLED): pnpm-lock.yaml pnpm-workspace.yaml package.json $(wildcard packages/*/package.json)
	@$(PNPM) install --frozen-lockfile
	@node -e 'process.exit(Number(parseInt(process.versions.node) < 24))' || { echo 'Books needs Node 24 or newer on this kind of machine.'; exit 1; }
	@touch $(INSTALLED) $(GENERATED)

$(GENERATED): $(CONTRACTS) | $(INSTALLED)
	@$(PNPM) -r run gen
	@touch $(GENERATED)

# `make help` lists the targets.

PNPM := npx --yes pnpm@12.21.0
# What the workspace installs. npx itself stays on the machine's own Node, whose npm settings it needs.
# The shell reads it from the environment, so that no character of it has a meaning to make or to the shell.
export BIN := $(CURDIR)/node_modules/.bin
NODE := PATH="$$BIN:$$PATH" node
ifneq (,$(findstring :,$(CURDIR)))
$(error PATH separates folders by colons, so the folder of this repository must have none in its name: $(CURDIR))
endif

SET_UP := node_modules/.set-up
# Written by `make deployment`, so that images are built without an install.
SERVICES := $(shell cat docker/services.txt)
CONTRACTS := $(shell find protobufs packages/rpc/protobufs packages/rpc/test/interop/protobufs packages/rpc/test/fuzz/protobufs -name '*.proto') \
  buf.gen.yaml packages/rpc/buf.gen.yaml packages/rpc/test/buf.gen.yaml
MANIFESTS := package.json pnpm-lock.yaml pnpm-workspace.yaml $(wildcard packages/*/package.json)

.DEFAULT_GOAL := help
.PHONY: help run mailbox test test-slow bench-rpc bench-web bench-checkout bench-start fault-injection overload checkout check format format-check lint types contracts gen service certs deployment deployment-check sbom docker up down test-images test-compose cluster cluster-down clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(SET_UP) ## set everything up and open the store on http://localhost:5000
	@cd packages/store && exec env $(NODE) src/main.ts

mailbox: $(SET_UP) ## list the mail that the store would have sent, the newest first; ARGS=1 prints that one, ARGS='--help' says more
	@cd packages/store && $(NODE) ../mail/src/commands/mailbox.ts $(ARGS)

test: $(SET_UP) ## set everything up and test every package, then say what each took and which failed
	@$(call run-tests,test)

test-slow: $(SET_UP) ## the same for what is slow by nature: other gRPC implementations, fuzzing, abuse, faults, benchmarks
	@$(call run-tests,test:slow)

run-tests = rm -rf artefacts/tests/$1; $(PNPM) -r $1; status=$$?; $(NODE) jest/print-results.js $1; exit $$status

bench-rpc: $(SET_UP) ## compare @books/rpc with bare grpc-js; ARGS='--help' lists what there is
	@cd packages/rpc && $(NODE) bench/bench.ts $(ARGS)

fault-injection: $(SET_UP) ## let each backend of the shop fail in many ways, and check its pages; ARGS='--help' lists what there is
	@cd packages/marketplace && $(NODE) test/fault-injection/main.ts $(ARGS)

overload: $(SET_UP) ## send five times the load that the shop can serve; ARGS='--help' lists what there is
	@cd packages/marketplace && $(NODE) test/overload/main.ts $(ARGS)

checkout: $(SET_UP) ## let 10,000 checkouts run while processes are killed, and check what is left; ARGS='--help' lists what there is
	@cd packages/store && $(NODE) test/checkout/main.ts $(ARGS)

bench-checkout: $(SET_UP) ## measure orders, and their SQL statements alone; ARGS='--help' lists what there is
	@cd packages/store && $(NODE) bench/bench.ts $(ARGS)

bench-start: $(SET_UP) ## measure how long the whole store takes to open; ARGS='--help' lists what there is
	@cd packages/store && $(NODE) bench/start.ts $(ARGS)

bench-web: $(SET_UP) ## measure the front page, and what it is made of; ARGS='--help' lists what there is
	@cd packages/marketplace && $(NODE) bench/bench.ts $(ARGS)

check: contracts format-check lint types deployment-check ## check contracts, format, lint, types and generated files, as CI does

format: $(SET_UP) ## format every file
	@"$$BIN"/biome check --colors=off --write .
	@$(PNPM) --filter @books/proto run format

format-check: $(SET_UP) ## find files that are not formatted
	@"$$BIN"/biome ci --colors=off . || { echo 'Run `make format` to mend this.'; exit 1; }

lint: $(SET_UP) ## find suspicious code
	@"$$BIN"/oxlint --type-aware --deny-warnings

types: $(SET_UP) ## check the types of every package
	@$(PNPM) -r run typecheck

contracts: $(SET_UP) ## lint the contracts, find breaking changes and stale stubs
	@$(PNPM) --filter @books/proto run check

gen: $(SET_UP) ## generate the stubs from the contracts, and the database template
	@$(PNPM) -r run '/^gen/'

service: $(SET_UP) ## write a new service: NAME=gift-cards, with DATABASE=1 one that keeps data
	@$(NODE) packages/delivery/src/scaffold/main.ts $(if $(DATABASE),--database) $(if $(PORT),--port $(PORT)) -- '$(NAME)'
	@$(PNPM) install --no-frozen-lockfile --reporter=silent
	@"$$BIN"/biome check --colors=off --write --log-level=error packages/$(NAME) packages/store
	@$(PNPM) --filter @books/proto run '/^(gen|format)$$/'
	@$(NODE) packages/delivery/src/generate/main.ts
	@touch $(SET_UP)

certs: $(SET_UP) ## make a development CA and a certificate for each service and for staff, in certs/
	@$(NODE) packages/rpc/testing/certificates/main.ts certs $(SERVICES) staff

deployment: $(SET_UP) ## write what follows from the list of services: Compose, Kubernetes, Prometheus, dashboards
	@$(NODE) packages/delivery/src/generate/main.ts

deployment-check: $(SET_UP) ## find generated files that differ from the list of services
	@$(NODE) packages/delivery/src/generate/main.ts --check

sbom: $(SET_UP) ## list what each service is made of, as CycloneDX, in artefacts/sbom/
	@rm -rf artefacts/sbom && mkdir -p artefacts/sbom
	@$(PNPM) $(foreach service,$(SERVICES),--filter @books/$(service)) sbom --sbom-format cyclonedx --sbom-type application \
	  --prod --lockfile-only --split --out 'artefacts/sbom/%s.json' >/dev/null
	@$(NODE) packages/delivery/src/sbom/main.ts artefacts/sbom

docker: ## build the image of every service, books/<service>
	@for service in $(SERVICES); do \
	  docker build --file docker/service.Dockerfile --tag "books/$$service" --build-arg SERVICE="$$service" \
	    --build-arg VERSION="$$(git describe --tags --always --dirty 2>/dev/null || echo unversioned)" \
	    --build-arg REVISION="$$(git rev-parse HEAD 2>/dev/null || echo unknown)" . || exit 1; \
	done

up: $(SET_UP) docker $(if $(TLS),certs) ## open the store in containers; TLS=1 encrypts, OBSERVABILITY=1 watches, MAIL=1 shows mail, STORE_PORT=5010 moves it
	@$(NODE) packages/delivery/src/compose/main.ts up $(if $(TLS),--tls) $(if $(OBSERVABILITY),--observability) $(if $(MAIL),--mail)

down: $(SET_UP) ## close the store of `make up`; its data stays
	@$(NODE) packages/delivery/src/compose/main.ts down

test-images: $(SET_UP) docker ## start, call and stop every image, read-only and without capabilities
	@$(NODE) packages/delivery/src/images/main.ts

test-compose: $(SET_UP) docker certs ## open the store in containers, kill each of them under load, and close it; plain and with TLS
	@$(NODE) packages/delivery/src/compose/main.ts test
	@$(NODE) packages/delivery/src/compose/main.ts test --tls

# The ports of the cluster's node are opened on this machine alone. An image of the same name may be new, hence the restart.
KUBECTL := kubectl --context kind-books --namespace books
cluster: ## run what `make docker` built in a Kubernetes cluster on this machine, by kind; STORE_PORT=5010 moves it
	@kind get clusters | grep -qx books || sed 's/hostPort: 5000$$/hostPort: $(or $(STORE_PORT),5000)/' kubernetes/overlays/local/services/kind.yaml \
	  | kind create cluster --name books --wait 2m --config -
	@for service in $(SERVICES); do docker tag "books/$$service" "books/$$service:local" || exit 1; done
	@kind load docker-image --name books $(SERVICES:%=books/%:local)
	@$(KUBECTL) delete jobs --selector books/kind=migration --ignore-not-found
	@$(KUBECTL) apply --kustomize kubernetes/overlays/local
	@$(KUBECTL) rollout restart deployment
	@for service in $(SERVICES); do $(KUBECTL) rollout status "deployment/$$service" --timeout=5m || exit 1; done
	@echo 'The store is open on http://localhost:$(or $(STORE_PORT),5000). `make cluster-down` removes it.'

cluster-down: ## remove that cluster, with its data
	@kind delete cluster --name books

clean: ## remove what was installed, generated or stored here
	rm -rf node_modules packages/*/node_modules packages/*/src/gen packages/*/test/gen packages/*/.data artefacts certs

# An install generates the stubs, too, but not when only a contract has changed.
$(SET_UP): $(MANIFESTS) $(CONTRACTS)
	@echo 'Setting up: packages and stubs.'
	@$(PNPM) install --frozen-lockfile --reporter=append-only
	@$(NODE) -e 'process.exit(Number(parseInt(process.versions.node) < 24))' \
	  || { echo 'Books needs Node 24 or newer on this kind of machine.'; exit 1; }
	@$(PNPM) -r run '/^gen/'
	@touch $@

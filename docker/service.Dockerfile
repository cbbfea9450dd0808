# The image of any service, by the name of its folder in packages/:
#   docker build -f docker/service.Dockerfile --build-arg SERVICE=recommendations -t books/recommendations .
# What does not depend on SERVICE is built once for all of them.

FROM node:24-bookworm-slim AS pnpm
RUN npm install --global pnpm@12.21.0
WORKDIR /books

# Nothing but manifests: what is installed from these is installed again when one of them changes, and not with every source.
FROM pnpm AS manifests
COPY . .
RUN find . -depth \( -type f ! -name package.json ! -name 'pnpm-*.yaml' -o -type d -empty \) -delete

FROM pnpm AS stubs
COPY --from=manifests /books .
RUN pnpm install --frozen-lockfile --ignore-scripts --filter @books/proto --filter @books/rpc
COPY buf.yaml buf.gen.yaml ./
COPY protobufs protobufs
COPY packages/proto packages/proto
COPY packages/rpc packages/rpc
RUN pnpm --filter @books/proto --filter @books/rpc run gen

# What any service depends on is downloaded once. What is optional here is a Node of the workspace's own, for machines with
# an older one. In a folder of its own, as some of it would be left behind there.
FROM pnpm AS downloads
COPY pnpm-lock.yaml pnpm-workspace.yaml /downloads/
RUN cd /downloads && pnpm fetch --prod && rm -r /downloads

# What an embedded database begins from: see packages/runtime/src/database-template.
FROM downloads AS database-template
COPY --from=manifests /books .
RUN pnpm install --offline --prod --no-optional --frozen-lockfile --ignore-scripts --filter @books/runtime
COPY packages/runtime packages/runtime
RUN pnpm --filter @books/runtime run gen

FROM downloads AS dependencies
ARG SERVICE
COPY --from=manifests /books .
RUN test -f "packages/${SERVICE}/package.json" || { echo >&2 "SERVICE must name a folder of packages/"; exit 1; }
RUN pnpm install --offline --prod --no-optional --frozen-lockfile --ignore-scripts --filter "@books/${SERVICE}..."
# Types, source maps, tests, read-mes and what data was made from are for those who write programs, not for those who run them.
RUN find node_modules/.pnpm -depth \( \
  -type d \( -name test -o -name tests -o -name spec -o -name 'benchmark*' -o -name source_data \) -o \
  -type f \( -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.map' -o -name '*.test.*' -o -iname 'readme*' -o -iname 'changelog*' \) \
  \) -exec rm -rf {} +

# The service and the packages of ours that it imports.
FROM dependencies AS service
ARG SERVICE
COPY . .
COPY --from=stubs /books/packages/proto/src/gen packages/proto/src/gen
COPY --from=stubs /books/packages/rpc/src/gen packages/rpc/src/gen
COPY --from=database-template /books/packages/runtime/src/gen packages/runtime/src/gen
RUN mkdir -p /image/packages \
  && mv $(pnpm --filter "@books/${SERVICE}..." list --depth -1 --parseable) /image/packages \
  && { test -d "/image/packages/${SERVICE}/migrations" || rm -r /image/packages/runtime/src/gen; } \
  # A checkout may have been made with any umask, and another user runs the image.
  && chmod -R u=rwX,go=rX /image/packages

FROM gcr.io/distroless/nodejs24-debian12:nonroot
COPY --from=dependencies /books/node_modules /books/node_modules
COPY --from=service /image/packages /books/packages
ARG SERVICE
ARG VERSION=unversioned
ARG REVISION=unknown
LABEL org.opencontainers.image.title="books/${SERVICE}" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production NODE_COMPILE_CACHE=/home/nonroot/compile-cache
WORKDIR /books/packages/${SERVICE}
# Compiles every module once, as the user who runs it, so that a start takes half the CPU.
RUN ["/nodejs/bin/node", "--eval", "import('./src/service.ts')"]
# The base image's entry point is Node itself, so any program of the service runs by its name.
CMD ["src/main.ts"]

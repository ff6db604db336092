# Builds one image per function from `dist/<function>/`. With `--target bundle`, builds the image of a program that is
# not a function and starts only once. `bodega build` names each image after the hash of its content.
ARG NODE=node:24-slim

# Uses the bundles built on the host, or else builds them here.
FROM ${NODE} AS bundles
WORKDIR /bodega
COPY . .
RUN ["node", "compose/bundles.ts"]

FROM ${NODE} AS bundle
ARG FUNCTION
LABEL org.opencontainers.image.title="bodega-${FUNCTION}" \
	org.opencontainers.image.description="Part of Bodega, an online shop made of serverless functions; its bill of materials is in /app/*.cdx.json" \
	org.opencontainers.image.licenses="Apache-2.0"
COPY --from=bundles --chown=1000:1000 /bodega/dist/${FUNCTION}/ /app/
WORKDIR /app
USER 1000:1000
# kit/process/node-options.ts explains these variables, and the options below.
ENV MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 MALLOC_TOP_PAD_=0
# Bypasses the base image's entry point, a shell script: the image needs no shell.
ENTRYPOINT ["node", "--max-semi-space-size=4", "--no-concurrent-recompilation"]
CMD ["/app/function.cjs"]

FROM bundle AS function
# Runs the function's code once, which stores it compiled (kit/process/code-cache.ts). An ARG is set only during the build.
ARG PRIME_CODE_CACHE=1
ARG CODE_CACHE=/app/function.cache
RUN ["node", "--max-semi-space-size=4", "--no-concurrent-recompilation", "/app/start.cjs"]
CMD ["/app/start.cjs"]

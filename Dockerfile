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
# Bypasses the base image's entry point, a shell script: the image needs no shell. kit/process/node-options.ts explains the options.
ENTRYPOINT ["node", "--max-semi-space-size=4", "--no-concurrent-recompilation"]
CMD ["/app/function.cjs"]

FROM bundle AS function
# Node has one compile cache per user id, so the user that runs the function fills it.
ENV NODE_COMPILE_CACHE=/app/cache
# An ARG is set only during the build.
ARG PRIME_COMPILE_CACHE=1
RUN ["node", "--max-semi-space-size=4", "--no-concurrent-recompilation", "/app/function.cjs"]

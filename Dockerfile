# One image per function, of what the build makes in `dist/<function>/`, and, with `--target bundle`, one each for what is no
# function and starts once. `bodega build` names each after the hash of what goes in.
ARG NODE=node:24-slim

# What the build has made on the machine whose Docker this is, or else makes here.
FROM ${NODE} AS bundles
WORKDIR /bodega
COPY . .
RUN ["node", "compose/bundles.ts"]

FROM ${NODE} AS bundle
ARG FUNCTION
LABEL org.opencontainers.image.title="bodega-${FUNCTION}" \
	org.opencontainers.image.description="Part of Bodega, an online shop made of serverless functions; what is in it is told by /app/*.cdx.json" \
	org.opencontainers.image.licenses="Apache-2.0"
COPY --from=bundles --chown=1000:1000 /bodega/dist/${FUNCTION}/ /app/
WORKDIR /app
USER 1000:1000
# Not by way of the base image's own entry point, a shell script: the image need not have a shell.
ENTRYPOINT ["node"]
CMD ["/app/function.cjs"]

FROM bundle AS function
# Node keeps a compile cache per user id, so it is filled by the one that runs the function.
ENV NODE_COMPILE_CACHE=/app/cache
# An argument is in the environment of the build only.
ARG PRIME_COMPILE_CACHE=1
RUN ["node", "/app/function.cjs"]

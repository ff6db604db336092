# One image per function, out of `dist/<function>/`, and one for the migration Job (`--target bundle`). `bodega build`
# names each after the hash of what goes in.
FROM node:24-slim AS bundle
ARG FUNCTION
COPY --chown=1000:1000 dist/${FUNCTION}/ /app/
WORKDIR /app
USER 1000:1000
CMD ["/app/function.cjs"]

FROM bundle AS function
# Node keeps a compile cache per user id, so it is filled by the one that runs the function.
ENV NODE_COMPILE_CACHE=/app/cache
# An argument is in the environment of the build only. In the exec form, because the image need not have a shell.
ARG PRIME_COMPILE_CACHE=1
RUN ["node", "/app/function.cjs"]

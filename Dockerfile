# The newest Node.js line with long-term support.
ARG NODE_VERSION=26

FROM node:${NODE_VERSION}-trixie-slim AS manifest
WORKDIR /app
COPY package.json package-lock.json ./

# No package here needs its install script.
FROM manifest AS build
RUN npm ci --ignore-scripts
COPY . .
# What would be published, in a folder called package; readable by all, whatever the umask of the checkout was.
RUN npm run build && npm pack --ignore-scripts && tar -xzf raydocs-mock-*.tgz && chmod -R a+rX package

FROM manifest AS dependencies
# Source maps of packages are of no use without their sources.
RUN npm ci --omit=dev --ignore-scripts && find node_modules -name '*.map' -delete

FROM node:${NODE_VERSION}-trixie-slim
# Version and revision are told by whoever builds: --label org.opencontainers.image.version=...
LABEL org.opencontainers.image.title="raydocs-mock" \
      org.opencontainers.image.description="A stand-in for the Raydocs document-extraction API" \
      org.opencontainers.image.licenses="MIT"

# The one place that is written to; open to all, so that it serves any --user and can be a tmpfs.
RUN install --directory --mode=1777 /data
VOLUME /data

WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/package .

ENV NODE_ENV=production \
    RAYDOCS_MOCK_HOST=0.0.0.0 \
    RAYDOCS_MOCK_DATA_DIR=/data
EXPOSE 4010
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s CMD ["node", "/app/dist/cli.js", "readyz"]
ENTRYPOINT ["node", "/app/dist/cli.js"]

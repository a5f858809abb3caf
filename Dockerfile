ARG BUILD_IMAGE=node:24-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
# The registry is asked for packages alone.
ENV npm_config_audit=false \
    npm_config_fund=false \
    npm_config_update_notifier=false

COPY package.json package-lock.json ./
RUN npm ci

COPY tsconfig.json ./
COPY cli cli
COPY exporter exporter
COPY rules rules
# Types, source maps and the folders that pruning emptied go too: nothing reads them at run time.
RUN npm run build \
 && npm prune --omit=dev \
 && find dist node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' \) -exec rm {} + \
 && find node_modules -depth -type d -empty -exec rmdir {} \;

FROM ${RUNTIME_IMAGE}
ARG RUNTIME_IMAGE
LABEL org.opencontainers.image.title="foreshock" \
      org.opencontainers.image.description="Host exporter for Kubernetes and Docker nodes: what node_exporter, cAdvisor and kube-state-metrics leave out" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"

# The mount point of the host, so that none has to be made in a container whose root is read-only.
WORKDIR /host
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/cli dist/cli
COPY --from=build /app/dist/exporter dist/exporter
COPY --from=build /app/dist/rules dist/rules

# UV_THREADPOOL_SIZE: four hung file system calls would fill libuv's default pool, and the exporter would hang with them.
# The paths are no flags of CMD, because a user who gives one flag replaces them all.
ENV NODE_ENV=production \
    UV_THREADPOOL_SIZE=16 \
    FORESHOCK_PATH_PROCFS=/host/proc \
    FORESHOCK_PATH_SYSFS=/host/sys \
    FORESHOCK_PATH_ROOTFS=/host

# Of all capabilities it needs DAC_READ_SEARCH, for directories and /proc/PID/io that belong to other users, and
# SYS_PTRACE, for /proc/PID/io of processes that may do more than it may; Docker gives either to root alone.
USER 0

EXPOSE 10777
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s \
  CMD ["/nodejs/bin/node", "/app/dist/cli/main.js", "healthcheck"]
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/cli/main.js"]
CMD ["node"]

# Builds with BuildKit, the default builder of Docker 23 and later, and with podman or buildah.

FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
# The caches hold crates and compiled dependencies between builds on one machine; the image gets the binary alone.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/source/target,sharing=locked \
    cargo build --profile dist --locked --package cairn-cli --bin cairn \
    && install -D --mode=0755 target/dist/cairn /built/cairn

FROM debian:bookworm-slim
# Certificates of authorities, for S3 and PostgreSQL over TLS. Unpinned: a rebuild should bring the present ones.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm --recursive --force /var/lib/apt/lists/*
# The number is fixed, so that files on a mounted folder keep their owner from image to image. A fresh volume on
# /data takes over its owner.
RUN groupadd --gid 10001 cairn \
    && useradd --uid 10001 --gid cairn --home-dir /data --no-create-home --shell /usr/sbin/nologin cairn \
    && install --directory --owner=cairn --group=cairn --mode=0750 /data
COPY --from=build /built/cairn /usr/local/bin/cairn

ENV CAIRN_LISTEN=0.0.0.0:8000 \
    CAIRN_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
# Migrations of a large database run before the first answer, hence the long start period.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["cairn", "healthcheck", "http://127.0.0.1:8000"]
ENTRYPOINT ["cairn"]
CMD ["serve"]

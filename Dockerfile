# One small image with the agent and the whole command line; it runs as a user without rights.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# The native compiler wants a linker.
RUN apt-get update && apt-get install -y --no-install-recommends clang zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN dotnet publish agent/K8sConsul.Cli -c Release -o /out/agent

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
RUN groupadd --system --gid 1000 consul \
 && useradd --system --uid 100 --gid consul --home-dir /consul --no-create-home consul \
 && mkdir -p /consul/data /consul/config \
 && chown -R consul:consul /consul
COPY --from=build /out/agent/consul /usr/local/bin/consul
COPY agent/docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
RUN chmod 0755 /usr/local/bin/docker-entrypoint.sh && ln -s consul /usr/local/bin/consul-template
ENV CONSUL_DATA_DIR=/consul/data CONSUL_CONFIG_DIR=/consul/config
VOLUME /consul/data
EXPOSE 8300 8301 8301/udp 8302 8302/udp 8500 8600 8600/udp
USER 100:1000
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["agent", "-dev", "-client", "0.0.0.0"]

using System.Text;

namespace K8sConsul.Agent.Configuration;

/// <summary>What holds where nobody says otherwise, written like any other source.</summary>
internal static class ConfigDefaults
{
    public static ConfigSource Common { get; } = Source("default", """
        bind_addr = "0.0.0.0"
        bootstrap = false
        bootstrap_expect = 0
        check_output_max_size = 4096
        check_update_interval = "5m"
        client_addr = "127.0.0.1"
        datacenter = "dc1"
        default_query_time = "300s"
        disable_coordinates = false
        disable_host_node_id = true
        disable_remote_exec = true
        domain = "consul."
        encrypt_verify_incoming = true
        encrypt_verify_outgoing = true
        log_level = "INFO"
        log_rotate_duration = "24h"
        max_query_time = "600s"
        primary_gateways_interval = "30s"
        protocol = 2
        raft_protocol = 3
        raft_snapshot_interval = "30s"
        raft_snapshot_threshold = 16384
        raft_trailing_logs = 10240
        reconnect_timeout = "72h"
        reconnect_timeout_wan = "72h"
        retry_interval = "30s"
        retry_interval_wan = "30s"
        retry_max = 0
        retry_max_wan = 0
        server = false
        acl {
          enabled = false
          default_policy = "allow"
          down_policy = "extend-cache"
        }
        autopilot {
          cleanup_dead_servers = true
          last_contact_threshold = "200ms"
          max_trailing_logs = 250
          server_stabilization_time = "10s"
        }
        dns_config {
          allow_stale = true
          enable_additional_node_meta_txt = true
          max_stale = "87600h"
          recursor_strategy = "sequential"
          recursor_timeout = "2s"
          soa { refresh = 3600, retry = 600, expire = 86400, min_ttl = 0 }
          udp_answer_limit = 3
        }
        gossip_lan {
          gossip_interval = "200ms"
          gossip_nodes = 3
          probe_interval = "1s"
          probe_timeout = "500ms"
          retransmit_mult = 4
          suspicion_mult = 4
        }
        gossip_wan {
          gossip_interval = "500ms"
          gossip_nodes = 3
          probe_interval = "5s"
          probe_timeout = "3s"
          retransmit_mult = 4
          suspicion_mult = 6
        }
        http_config {
          use_cache = true
        }
        limits {
          http_max_conns_per_client = 200
          https_handshake_timeout = "5s"
          kv_max_value_size = 524288
          rpc_client_timeout = "60s"
          rpc_handshake_timeout = "5s"
          rpc_max_burst = 1000
          rpc_max_conns_per_client = 100
          rpc_rate = -1
          txn_max_req_len = 524288
        }
        performance {
          leave_drain_time = "5s"
          raft_multiplier = 5
          rpc_hold_timeout = "7s"
        }
        ports {
          dns = 8600
          expose_max_port = 21755
          expose_min_port = 21500
          grpc = -1
          http = 8500
          https = -1
          proxy_max_port = 20255
          proxy_min_port = 20000
          serf_lan = 8301
          serf_wan = 8302
          server = 8300
          sidecar_max_port = 21255
          sidecar_min_port = 21000
        }
        telemetry {
          filter_default = true
          metrics_prefix = "consul"
        }
        """);

    /// <summary>
    /// One server in memory with quick gossip. Consul switches Connect, its gRPC port and the UI on here; this build has none
    /// of them and leaves them off.
    /// </summary>
    public static ConfigSource Development { get; } = Source("dev", """
        bind_addr = "127.0.0.1"
        disable_anonymous_signature = true
        disable_keyring_file = true
        enable_debug = true
        log_level = "DEBUG"
        server = true
        gossip_lan {
          gossip_interval = "100ms"
          probe_interval = "100ms"
          probe_timeout = "100ms"
          suspicion_mult = 3
        }
        gossip_wan {
          gossip_interval = "100ms"
          probe_interval = "100ms"
          probe_timeout = "100ms"
          suspicion_mult = 3
        }
        performance {
          raft_multiplier = 1
        }
        """);

    private static ConfigSource Source(string name, string text)
    {
        return new ConfigSource(name, IsJson: false, Encoding.UTF8.GetBytes(text));
    }
}

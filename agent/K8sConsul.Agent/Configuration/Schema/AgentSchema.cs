namespace K8sConsul.Agent.Configuration.Schema;

/// <summary>Every key of an agent's configuration: those of Consul 1.8.7 and the spellings of later releases.</summary>
internal static partial class AgentSchema
{
    private static readonly SchemaNode _text = new ScalarSchema(ScalarType.Text);
    private static readonly SchemaNode _flag = new ScalarSchema(ScalarType.Flag);
    private static readonly SchemaNode _integer = new ScalarSchema(ScalarType.Integer);
    private static readonly SchemaNode _unsigned = new ScalarSchema(ScalarType.Unsigned);
    private static readonly SchemaNode _unsigned32 = new ScalarSchema(ScalarType.Unsigned32);
    private static readonly SchemaNode _unsigned64 = new ScalarSchema(ScalarType.Unsigned64);
    private static readonly SchemaNode _real = new ScalarSchema(ScalarType.Real);
    private static readonly SchemaNode _texts = new ListSchema(_text);
    private static readonly SchemaNode _textMap = new MapSchema(_text);
    private static readonly SchemaNode _opaque = new OpaqueSchema();

    public static ObjectSchema Root { get; } = BuildRoot();

    private static ObjectSchema BuildRoot()
    {
        SchemaNode check = Check();
        SchemaNode service = Service(withSidecar: true);
        var members = new List<KeyValuePair<string, SchemaNode>>
        {
            Key("acl", Acl()),
            Key("addresses", Texts("dns http https grpc grpc_tls")),
            Key("audit", Object(Key("enabled", _flag), Key("sink", new MapSchema(_opaque)))),
            Key("auto_config", AutoConfig()),
            Key("auto_encrypt", Object(Key("tls", _flag), Key("dns_san", _texts), Key("ip_san", _texts), Key("allow_tls", _flag))),
            Key("autopilot", Autopilot()),
            Key("cache", Object(Key("entry_fetch_rate", _real), Key("entry_fetch_max_burst", _integer))),
            Key("check", check),
            Key("checks", new ListSchema(check)),
            Key("cloud", _opaque),
            Key("config_entries", Object(Key("bootstrap", new ListSchema(_opaque)))),
            Key("connect", Connect()),
            Key("consul", Object(Key("coordinate", _opaque), Key("raft", _opaque), Key("server", _opaque))),
            Key("dns_config", Dns()),
            Key("gossip_lan", Gossip()),
            Key("gossip_wan", Gossip()),
            Key("http_config", Http()),
            Key("limits", Limits()),
            Key("locality", Texts("region zone")),
            Key("log_sublevels", _textMap),
            Key("node_meta", _textMap),
            Key("peering", Object(Key("enabled", _flag))),
            Key("performance", Performance()),
            Key("ports", Ports()),
            Key("raft_boltdb", _opaque),
            Key("raft_logstore", RaftLogStore()),
            Key("reporting", _opaque),
            Key("rpc", Object(Key("enable_streaming", _flag))),
            Key("segments", new ListSchema(Segment())),
            Key("service", service),
            Key("services", new ListSchema(service)),
            Key("snapshot_agent", _opaque),
            Key("tagged_addresses", _textMap),
            Key("sync_coordinate_rate_target", _real),
            Key("telemetry", Telemetry()),
            Key("tls", Tls()),
            Key("ui_config", Ui()),
            Key("unix_sockets", Texts("group mode user")),
            Key("watches", new ListSchema(_opaque)),
            Key("xds", Object(Key("update_max_per_second", _real))),
        };
        members.AddRange(All(
            _text,
            "acl_agent_master_token acl_agent_token acl_datacenter acl_default_policy acl_down_policy acl_master_token "
            + "acl_replication_token acl_token acl_ttl advertise_addr advertise_addr_ipv4 advertise_addr_ipv6 advertise_addr_wan "
            + "advertise_addr_wan_ipv4 advertise_addr_wan_ipv6 advertise_reconnect_timeout alt_domain bind_addr ca_file ca_path "
            + "cert_file check_update_interval client_addr data_dir datacenter default_intention_policy default_query_time "
            + "discovery_max_stale domain encrypt key_file license_path log_file log_level log_rotate_duration max_query_time "
            + "node_id node_name partition pid_file primary_datacenter primary_gateways_interval raft_snapshot_interval "
            + "reconnect_timeout reconnect_timeout_wan retry_interval retry_interval_wan segment serf_lan serf_wan server_name "
            + "server_rejoin_age_max session_ttl_min syslog_facility tls_cipher_suites tls_min_version ui_content_path ui_dir"));
        members.AddRange(All(
            _flag,
            "acl_enable_key_list_policy auto_reload_config bootstrap disable_anonymous_signature "
            + "disable_coordinates disable_host_node_id disable_http_unprintable_char_filter disable_keyring_file "
            + "disable_remote_exec disable_update_check discard_check_output enable_acl_replication enable_agent_tls_for_checks "
            + "enable_central_service_config enable_debug enable_local_script_checks enable_script_checks enable_syslog "
            + "encrypt_verify_incoming encrypt_verify_outgoing leave_on_terminate log_json non_voting_server read_replica "
            + "rejoin_after_leave server skip_leave_on_interrupt tls_prefer_server_cipher_suites translate_wan_addrs ui "
            + "use_streaming_backend verify_incoming verify_incoming_https verify_incoming_rpc verify_outgoing "
            + "verify_server_hostname"));
        members.AddRange(All(
            _integer,
            "bootstrap_expect check_output_max_size log_rotate_bytes log_rotate_max_files protocol raft_protocol "
            + "raft_snapshot_threshold raft_trailing_logs retry_max retry_max_wan"));
        members.AddRange(All(
            _texts,
            "experiments primary_gateways recursors retry_join retry_join_wan serf_lan_allowed_cidrs serf_wan_allowed_cidrs "
            + "start_join start_join_wan"));
        members.AddRange(All(
            _text,
            // Consul reads these and overrides them with its own constants.
            "acl_disabled_ttl ae_interval check_deregister_interval_min check_reap_interval revision "
            + "sync_coordinate_interval_min version version_prerelease"));
        return Object([.. members]);
    }

    private static ObjectSchema Acl()
    {
        return Object(
            [
                .. All(_flag, "enabled enable_key_list_policy enable_token_persistence enable_token_replication msp_disable_bootstrap"),
                .. All(_text, "default_policy disabled_ttl down_policy token_ttl policy_ttl role_ttl"),
                Key("tokens", Object(
                    [
                        .. All(
                            _text,
                            "master initial_management agent agent_master agent_recovery default replication "
                            + "config_file_service_registration dns"),
                        Key("managed_service_provider", new ListSchema(Texts("accessor_id secret_id"))),
                    ])),
            ]);
    }

    private static ObjectSchema AutoConfig()
    {
        ObjectSchema rules = Object(
            [
                Key("allow_reuse", _flag),
                Key("claim_mappings", _textMap),
                Key("list_claim_mappings", _textMap),
                .. All(_texts, "bound_audiences claim_assertions jwt_validation_pub_keys jwt_supported_algs"),
                .. All(
                    _text,
                    "bound_issuer oidc_discovery_url oidc_discovery_ca_cert jwks_url jwks_ca_cert expiration_leeway "
                    + "not_before_leeway clock_skew_leeway"),
            ]);
        return Object(
            [
                Key("enabled", _flag),
                .. All(_text, "intro_token intro_token_file"),
                .. All(_texts, "dns_sans ip_sans server_addresses"),
                Key("authorization", Object(Key("enabled", _flag), Key("static", rules))),
            ]);
    }

    private static ObjectSchema Autopilot()
    {
        return Object(
            [
                .. All(_flag, "cleanup_dead_servers disable_upgrade_migration"),
                .. All(_text, "last_contact_threshold redundancy_zone_tag server_stabilization_time upgrade_version_tag"),
                Key("max_trailing_logs", _integer),
                Key("min_quorum", _unsigned),
            ]);
    }

    private static ObjectSchema Connect()
    {
        return Object(
            [
                .. All(_flag, "enabled enable_mesh_gateway_wan_federation"),
                .. All(_text, "ca_provider test_ca_leaf_root_change_spread"),
                Key("ca_config", _opaque),
            ]);
    }

    private static ObjectSchema Dns()
    {
        return Object(
            [
                .. All(
                    _flag,
                    "allow_stale only_passing enable_truncate disable_compression use_cache enable_additional_node_meta_txt "
                    + "prefer_namespace"),
                .. All(_text, "max_stale node_ttl recursor_timeout recursor_strategy cache_max_age"),
                .. All(_integer, "udp_answer_limit a_record_limit"),
                Key("service_ttl", _textMap),
                Key("soa", Object(All(_unsigned32, "refresh retry expire min_ttl"))),
            ]);
    }

    private static ObjectSchema Gossip()
    {
        return Object(
            [
                .. All(_text, "gossip_interval probe_interval probe_timeout"),
                .. All(_integer, "gossip_nodes retransmit_mult suspicion_mult"),
            ]);
    }

    private static ObjectSchema Http()
    {
        return Object(
            Key("block_endpoints", _texts), Key("response_headers", _textMap), Key("allow_write_http_from", _texts),
            Key("use_cache", _flag), Key("max_header_bytes", _integer));
    }

    private static ObjectSchema Limits()
    {
        return Object(
            [
                .. All(_integer, "http_max_conns_per_client rpc_max_burst rpc_max_conns_per_client"),
                .. All(_text, "https_handshake_timeout rpc_handshake_timeout rpc_client_timeout"),
                .. All(_unsigned64, "kv_max_value_size txn_max_req_len"),
                Key("rpc_rate", _real),
                Key("request_limits", Object(Key("mode", _text), Key("read_rate", _real), Key("write_rate", _real))),
            ]);
    }

    private static ObjectSchema Performance()
    {
        return Object(
            [
                Key("raft_multiplier", _integer),
                .. All(_text, "rpc_hold_timeout leave_drain_time grpc_keepalive_interval grpc_keepalive_timeout"),
            ]);
    }

    private static ObjectSchema Ports()
    {
        return Object(All(
            _integer,
            "dns http https grpc grpc_tls serf_lan serf_wan server sidecar_min_port sidecar_max_port expose_min_port "
            + "expose_max_port proxy_min_port proxy_max_port"));
    }

    private static ObjectSchema RaftLogStore()
    {
        return Object(
            Key("backend", _text), Key("disable_log_cache", _flag),
            Key("verification", Object(Key("enabled", _flag), Key("interval", _text))),
            Key("boltdb", Object(Key("no_freelist_sync", _flag))),
            Key("wal", Object(Key("segment_size_mb", _integer))));
    }

    private static ObjectSchema Segment()
    {
        return Object([.. All(_text, "name bind advertise"), Key("port", _integer), Key("rpc_listener", _flag)]);
    }

    private static ObjectSchema Telemetry()
    {
        return Object(
            [
                .. All(
                    _text,
                    "circonus_api_app circonus_api_token circonus_api_url circonus_broker_id circonus_broker_select_tag "
                    + "circonus_check_display_name circonus_check_force_metric_activation circonus_check_id "
                    + "circonus_check_instance_id circonus_check_search_tag circonus_check_tags circonus_submission_interval "
                    + "circonus_submission_url dogstatsd_addr metrics_prefix prometheus_retention_time statsd_address "
                    + "statsite_address"),
                .. All(_flag, "disable_hostname filter_default disable_compat_1.9 retry_failed_connection enable_host_metrics"),
                .. All(_texts, "dogstatsd_tags prefix_filter"),
            ]);
    }

    private static ObjectSchema Tls()
    {
        KeyValuePair<string, SchemaNode>[] common =
        [
            .. All(_text, "ca_file ca_path cert_file key_file tls_min_version tls_cipher_suites"),
            .. All(_flag, "verify_incoming verify_outgoing"),
        ];
        return Object(
            Key("defaults", Object(common)),
            Key("internal_rpc", Object([.. common, Key("verify_server_hostname", _flag)])),
            Key("https", Object(common)),
            Key("grpc", Object([.. common, Key("use_auto_cert", _flag)])),
            Key("enable_agent_tls_for_checks", _flag),
            Key("server_name", _text));
    }

    private static ObjectSchema Ui()
    {
        return Object(
            Key("enabled", _flag), Key("dir", _text), Key("content_path", _text), Key("metrics_provider", _text),
            Key("metrics_provider_files", _texts), Key("metrics_provider_options_json", _text),
            Key("metrics_proxy", Object(
                Key("base_url", _text), Key("add_headers", new ListSchema(Texts("name value"))), Key("path_allowlist", _texts))),
            Key("dashboard_url_templates", _textMap));
    }

    private static KeyValuePair<string, SchemaNode> Key(string name, SchemaNode node)
    {
        return KeyValuePair.Create(name, node);
    }

    private static KeyValuePair<string, SchemaNode>[] All(SchemaNode node, string names)
    {
        return [.. names.Split(' ').Select(name => Key(name, node))];
    }

    private static ObjectSchema Texts(string names)
    {
        return Object(All(_text, names));
    }

    private static ObjectSchema Object(params KeyValuePair<string, SchemaNode>[] members)
    {
        return Object(new Dictionary<string, string>(StringComparer.Ordinal), members);
    }

    private static ObjectSchema Object(Dictionary<string, string> aliases, params KeyValuePair<string, SchemaNode>[] members)
    {
        return new ObjectSchema([.. members.OrderBy(member => member.Key, StringComparer.Ordinal)], aliases);
    }
}

import type { Server } from './server';
import { sizeOf } from './store';

function human(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  if (bytes < 1_048_576) return `${(bytes / 1024).toFixed(2)}K`;
  return bytes < 1_073_741_824 ? `${(bytes / 1_048_576).toFixed(2)}M` : `${(bytes / 1_073_741_824).toFixed(2)}G`;
}

const lines = (values: readonly (readonly [string, string | number])[]): string => values.map(([name, value]) => `${name}:${value}\r\n`).join('');

const total = 8_589_934_592;

function serverSection(server: Server): string {
  const up = Math.floor((server.now - server.startedAt) / 1e6);
  return lines([
    ['redis_version', '7.0.15'], ['redis_git_sha1', '00000000'], ['redis_git_dirty', 0], ['redis_build_id', 'ae4d7c971a948f0'], ['redis_mode', 'standalone'], ['os', 'Linux 6.18.44 x86_64'], ['arch_bits', 64], ['monotonic_clock', 'POSIX clock_gettime'], ['multiplexing_api', 'epoll'], ['atomicvar_api', 'c11-builtin'], ['gcc_version', '12.2.0'],
    ['process_id', server.system.pid], ['process_supervised', 'no'], ['run_id', server.runId], ['tcp_port', server.settings.port], ['server_time_usec', server.now], ['uptime_in_seconds', up], ['uptime_in_days', Math.floor(up / 86_400)], ['hz', 10], ['configured_hz', 10], ['lru_clock', Math.floor(server.now / 1e6) % 16_777_216], ['executable', '/data/redis-server'], ['config_file', server.configFile], ['io_threads_active', 0],
  ]);
}

function clientsSection(server: Server): string {
  return lines([['connected_clients', server.clients.length], ['cluster_connections', 0], ['maxclients', server.settings.parameters.get('maxclients') ?? '10000'], ['client_recent_max_input_buffer', 20480], ['client_recent_max_output_buffer', 0], ['blocked_clients', server.blocked], ['tracking_clients', 0], ['clients_in_timeout_table', 0]]);
}

function memorySection(server: Server): string {
  const data = sizeOf(server.databases);
  const startup = 876_120;
  const used = startup + 164_040 + data + server.clients.length * 37_658;
  server.statistics.peakMemory = Math.max(server.statistics.peakMemory, used);
  const rss = used + 11_518_000;
  const limit = Number(server.settings.parameters.get('maxmemory') ?? 0);
  return lines([
    ['used_memory', used], ['used_memory_human', human(used)], ['used_memory_rss', rss], ['used_memory_rss_human', human(rss)], ['used_memory_peak', server.statistics.peakMemory], ['used_memory_peak_human', human(server.statistics.peakMemory)], ['used_memory_peak_perc', `${((used * 100) / server.statistics.peakMemory).toFixed(2)}%`],
    ['used_memory_overhead', startup + 200], ['used_memory_startup', startup], ['used_memory_dataset', used - startup - 200], ['used_memory_dataset_perc', `${(((used - startup - 200) * 100) / (used - startup)).toFixed(2)}%`], ['allocator_allocated', used + 765_176], ['allocator_active', used + 925_720], ['allocator_resident', used + 3_596_312],
    ['total_system_memory', total], ['total_system_memory_human', human(total)], ['used_memory_lua', 32_768], ['used_memory_vm_eval', 32_768], ['used_memory_lua_human', '32.00K'], ['used_memory_scripts_eval', 0], ['number_of_cached_scripts', 0], ['number_of_functions', 0], ['number_of_libraries', 0], ['used_memory_vm_functions', 33_792], ['used_memory_vm_total', 66_560], ['used_memory_vm_total_human', '65.00K'], ['used_memory_functions', 200], ['used_memory_scripts', 200], ['used_memory_scripts_human', '200B'],
    ['maxmemory', limit], ['maxmemory_human', human(limit)], ['maxmemory_policy', server.settings.parameters.get('maxmemory-policy') ?? 'noeviction'], ['allocator_frag_ratio', '1.09'], ['allocator_frag_bytes', 160_544], ['allocator_rss_ratio', '2.36'], ['allocator_rss_bytes', 2_670_592], ['rss_overhead_ratio', '2.71'], ['rss_overhead_bytes', 7_921_664], ['mem_fragmentation_ratio', (rss / used).toFixed(2)], ['mem_fragmentation_bytes', rss - used],
    ['mem_not_counted_for_evict', 0], ['mem_replication_backlog', 0], ['mem_total_replication_buffers', 0], ['mem_clients_slaves', 0], ['mem_clients_normal', 0], ['mem_cluster_links', 0], ['mem_aof_buffer', 0], ['mem_allocator', 'jemalloc-5.3.0'], ['active_defrag_running', 0], ['lazyfree_pending_objects', 0], ['lazyfreed_objects', 0],
  ]);
}

function persistenceSection(server: Server): string {
  const appending = Number(server.settings.appendOnly);
  return lines([
    ['loading', 0], ['async_loading', 0], ['current_cow_peak', 0], ['current_cow_size', 0], ['current_cow_size_age', 0], ['current_fork_perc', '0.00'], ['current_save_keys_processed', 0], ['current_save_keys_total', 0], ['rdb_changes_since_last_save', server.dirty], ['rdb_bgsave_in_progress', 0], ['rdb_last_save_time', Math.floor(server.lastSave / 1e6)], ['rdb_last_bgsave_status', 'ok'],
    ['rdb_last_bgsave_time_sec', -1], ['rdb_current_bgsave_time_sec', -1], ['rdb_saves', server.statistics.saves], ['rdb_last_cow_size', 0], ['rdb_last_load_keys_expired', 0], ['rdb_last_load_keys_loaded', server.statistics.loadedKeys], ['aof_enabled', appending], ['aof_rewrite_in_progress', 0], ['aof_rewrite_scheduled', 0], ['aof_last_rewrite_time_sec', -1], ['aof_current_rewrite_time_sec', -1], ['aof_last_bgrewrite_status', 'ok'],
    ['aof_rewrites', 0], ['aof_rewrites_consecutive_failures', 0], ['aof_last_write_status', 'ok'], ['aof_last_cow_size', 0], ['module_fork_in_progress', 0], ['module_fork_last_cow_size', 0],
  ]);
}

function statsSection({ statistics, keyCounters, clients }: Server): string {
  const channels = new Set(clients.flatMap((client) => [...client.channels])).size;
  const patterns = new Set(clients.flatMap((client) => [...client.patterns])).size;
  return lines([
    ['total_connections_received', statistics.connections], ['total_commands_processed', statistics.commands], ['instantaneous_ops_per_sec', 0], ['total_net_input_bytes', statistics.input], ['total_net_output_bytes', statistics.output], ['total_net_repl_input_bytes', 0], ['total_net_repl_output_bytes', 0], ['instantaneous_input_kbps', '0.00'], ['instantaneous_output_kbps', '0.00'], ['instantaneous_input_repl_kbps', '0.00'], ['instantaneous_output_repl_kbps', '0.00'],
    ['rejected_connections', 0], ['sync_full', 0], ['sync_partial_ok', 0], ['sync_partial_err', 0], ['expired_keys', keyCounters.expired], ['expired_stale_perc', '0.00'], ['expired_time_cap_reached_count', 0], ['expire_cycle_cpu_milliseconds', 0], ['evicted_keys', 0], ['evicted_clients', 0], ['total_eviction_exceeded_time', 0], ['current_eviction_exceeded_time', 0], ['keyspace_hits', keyCounters.hits], ['keyspace_misses', keyCounters.misses],
    ['pubsub_channels', channels], ['pubsub_patterns', patterns], ['pubsubshard_channels', 0], ['latest_fork_usec', 0], ['total_forks', 0], ['migrate_cached_sockets', 0], ['slave_expires_tracked_keys', 0], ['active_defrag_hits', 0], ['active_defrag_misses', 0], ['active_defrag_key_hits', 0], ['active_defrag_key_misses', 0], ['total_active_defrag_time', 0], ['current_active_defrag_time', 0], ['tracking_total_keys', 0], ['tracking_total_items', 0], ['tracking_total_prefixes', 0],
    ['unexpected_error_replies', 0], ['total_error_replies', [...statistics.errors.values()].reduce((sum, count) => sum + count, 0)], ['dump_payload_sanitizations', 0], ['total_reads_processed', statistics.reads], ['total_writes_processed', statistics.writes], ['io_threaded_reads_processed', 0], ['io_threaded_writes_processed', 0], ['reply_buffer_shrinks', 0], ['reply_buffer_expands', 0],
  ]);
}

function replicationSection(server: Server): string {
  return lines([['role', 'master'], ['connected_slaves', 0], ['master_failover_state', 'no-failover'], ['master_replid', server.replicationId], ['master_replid2', '0'.repeat(40)], ['master_repl_offset', 0], ['second_repl_offset', -1], ['repl_backlog_active', 0], ['repl_backlog_size', 1_048_576], ['repl_backlog_first_byte_offset', 0], ['repl_backlog_histlen', 0]]);
}

function cpuSection(server: Server): string {
  const used = (0.01 + (server.now - server.startedAt) * 1e-9 + server.statistics.commands * 2e-6).toFixed(6);
  return lines([['used_cpu_sys', used], ['used_cpu_user', used], ['used_cpu_sys_children', '0.001064'], ['used_cpu_user_children', '0.002078'], ['used_cpu_sys_main_thread', used], ['used_cpu_user_main_thread', used]]);
}

function keyspaceSection({ databases }: Server): string {
  return databases.map((database, i) => {
    const { size } = database;
    const { count, averageTtl } = database.expiring;
    return size === 0 ? '' : `db${i}:keys=${size},expires=${count},avg_ttl=${averageTtl}\r\n`;
  }).join('');
}

const commandStats = ({ statistics }: Server): string => [...statistics.calls].map(([name, { calls, microseconds }]) => `cmdstat_${name}:calls=${calls},usec=${microseconds},usec_per_call=${(microseconds / calls).toFixed(2)},rejected_calls=0,failed_calls=0\r\n`).join('');
const errorStats = ({ statistics }: Server): string => [...statistics.errors].map(([name, count]) => `errorstat_${name}:count=${count}\r\n`).join('');
const latencyStats = ({ statistics }: Server): string => [...statistics.calls].map(([name, { calls, microseconds }]) => `latency_percentiles_usec_${name}:p50=${(microseconds / calls).toFixed(3)},p99=${(microseconds / calls).toFixed(3)},p99.9=${(microseconds / calls).toFixed(3)}\r\n`).join('');

const sections: readonly (readonly [name: string, title: string, text: (server: Server) => string, standard: boolean])[] = [
  ['server', 'Server', serverSection, true], ['clients', 'Clients', clientsSection, true], ['memory', 'Memory', memorySection, true], ['persistence', 'Persistence', persistenceSection, true], ['stats', 'Stats', statsSection, true], ['replication', 'Replication', replicationSection, true], ['cpu', 'CPU', cpuSection, true], ['modules', 'Modules', () => '', true],
  ['commandstats', 'Commandstats', commandStats, false], ['errorstats', 'Errorstats', errorStats, true], ['latencystats', 'Latencystats', latencyStats, false], ['cluster', 'Cluster', () => lines([['cluster_enabled', 0]]), true], ['keyspace', 'Keyspace', keyspaceSection, true],
];

/** What INFO answers for these sections; none for the usual ones. */
export function infoText(server: Server, wanted: readonly string[]): string {
  const names = wanted.map((name) => name.toLowerCase());
  const all = names.includes('all') || names.includes('everything');
  const usual = names.length === 0 || names.includes('default');
  return sections
    .filter(([name, , , standard]) => all || names.includes(name) || (usual && standard))
    .map(([, title, text]) => `# ${title}\r\n${text(server)}`)
    .join('\r\n');
}

import { family } from '../go-program';

type Info = ReadonlyMap<string, string>;

/** INFO's name → metric, as gauges. */
const gauges: Readonly<Record<string, string>> = {
  uptime_in_seconds: 'uptime_in_seconds', process_id: 'process_id', io_threads_active: 'io_threads_active', connected_clients: 'connected_clients', blocked_clients: 'blocked_clients', tracking_clients: 'tracking_clients', clients_in_timeout_table: 'clients_in_timeout_table', cluster_connections: 'cluster_connections', client_recent_max_input_buffer: 'client_recent_max_input_buffer_bytes', client_recent_max_output_buffer: 'client_recent_max_output_buffer_bytes',
  allocator_active: 'allocator_active_bytes', allocator_allocated: 'allocator_allocated_bytes', allocator_resident: 'allocator_resident_bytes', allocator_frag_ratio: 'allocator_frag_ratio', allocator_frag_bytes: 'allocator_frag_bytes', allocator_rss_ratio: 'allocator_rss_ratio', allocator_rss_bytes: 'allocator_rss_bytes', used_memory: 'memory_used_bytes', used_memory_rss: 'memory_used_rss_bytes', used_memory_peak: 'memory_used_peak_bytes', used_memory_lua: 'memory_used_lua_bytes', used_memory_overhead: 'memory_used_overhead_bytes', used_memory_startup: 'memory_used_startup_bytes', used_memory_dataset: 'memory_used_dataset_bytes', used_memory_scripts: 'memory_used_scripts_bytes', number_of_cached_scripts: 'number_of_cached_scripts', maxmemory: 'memory_max_bytes',
  mem_fragmentation_ratio: 'mem_fragmentation_ratio', mem_fragmentation_bytes: 'mem_fragmentation_bytes', mem_clients_slaves: 'mem_clients_slaves', mem_clients_normal: 'mem_clients_normal', mem_not_counted_for_evict: 'mem_not_counted_for_eviction_bytes', lazyfree_pending_objects: 'lazyfree_pending_objects', active_defrag_running: 'active_defrag_running', migrate_cached_sockets: 'migrate_cached_sockets_total', active_defrag_hits: 'defrag_hits', active_defrag_misses: 'defrag_misses', active_defrag_key_hits: 'defrag_key_hits', active_defrag_key_misses: 'defrag_key_misses', expired_stale_perc: 'expired_stale_percentage', expired_time_cap_reached_count: 'expired_time_cap_reached_total',
  loading: 'loading_dump_file', rdb_changes_since_last_save: 'rdb_changes_since_last_save', rdb_bgsave_in_progress: 'rdb_bgsave_in_progress', rdb_last_save_time: 'rdb_last_save_timestamp_seconds', rdb_last_bgsave_status: 'rdb_last_bgsave_status', rdb_last_bgsave_time_sec: 'rdb_last_bgsave_duration_sec', rdb_current_bgsave_time_sec: 'rdb_current_bgsave_duration_sec', rdb_last_cow_size: 'rdb_last_cow_size_bytes', aof_enabled: 'aof_enabled', aof_rewrite_in_progress: 'aof_rewrite_in_progress', aof_rewrite_scheduled: 'aof_rewrite_scheduled', aof_last_rewrite_time_sec: 'aof_last_rewrite_duration_sec', aof_current_rewrite_time_sec: 'aof_current_rewrite_duration_sec', aof_last_cow_size: 'aof_last_cow_size_bytes', aof_last_bgrewrite_status: 'aof_last_bgrewrite_status', aof_last_write_status: 'aof_last_write_status', module_fork_in_progress: 'module_fork_in_progress', module_fork_last_cow_size: 'module_fork_last_cow_size',
  pubsub_channels: 'pubsub_channels', pubsub_patterns: 'pubsub_patterns', slave_expires_tracked_keys: 'slave_expires_tracked_keys', connected_slaves: 'connected_slaves', repl_backlog_size: 'replication_backlog_bytes', repl_backlog_active: 'repl_backlog_is_active', repl_backlog_first_byte_offset: 'repl_backlog_first_byte_offset', repl_backlog_histlen: 'repl_backlog_history_bytes', master_repl_offset: 'master_repl_offset', second_repl_offset: 'second_repl_offset', sync_full: 'replica_resyncs_full', sync_partial_ok: 'replica_partial_resync_accepted', sync_partial_err: 'replica_partial_resync_denied', cluster_enabled: 'cluster_enabled', tracking_total_items: 'tracking_total_items', tracking_total_keys: 'tracking_total_keys', tracking_total_prefixes: 'tracking_total_prefixes',
};

const counters: Readonly<Record<string, string>> = {
  total_connections_received: 'connections_received_total', total_commands_processed: 'commands_processed_total', rejected_connections: 'rejected_connections_total', total_net_input_bytes: 'net_input_bytes_total', total_net_output_bytes: 'net_output_bytes_total', expired_keys: 'expired_keys_total', evicted_keys: 'evicted_keys_total', keyspace_hits: 'keyspace_hits_total', keyspace_misses: 'keyspace_misses_total',
  used_cpu_sys: 'cpu_sys_seconds_total', used_cpu_user: 'cpu_user_seconds_total', used_cpu_sys_children: 'cpu_sys_children_seconds_total', used_cpu_user_children: 'cpu_user_children_seconds_total', used_cpu_sys_main_thread: 'cpu_sys_main_thread_seconds_total', used_cpu_user_main_thread: 'cpu_user_main_thread_seconds_total', unexpected_error_replies: 'unexpected_error_replies', total_error_replies: 'total_error_replies', dump_payload_sanitizations: 'dump_payload_sanitizations', total_reads_processed: 'total_reads_processed', total_writes_processed: 'total_writes_processed', io_threaded_reads_processed: 'io_threaded_reads_processed', io_threaded_writes_processed: 'io_threaded_writes_processed',
};

/** Reads INFO's text. */
export const readInfo = (text: string): Info => new Map(text.split('\r\n').flatMap((line) => (line.includes(':') ? [[line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const] : [])));

const numberOf = (text: string): string => (text === 'ok' ? '1' : text === 'fail' ? '0' : Number.isNaN(Number(text)) ? '0' : formatFloat(Number(text)));

/** A float as Go prints it: large ones with an exponent. */
export function formatFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) >= 1e21) return value.toExponential().replace(/e\+?(-?)(\d)$/, 'e+$10$2');
  if (Math.abs(value) < 1e6 || value === 0) return String(value);
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${mantissa}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}

const pairs = (text: string): ReadonlyMap<string, string> => new Map(text.split(',').map((part) => part.split('=') as [string, string]));

function keyspace(info: Info, databases: number): string {
  const keys: [string, string][] = [];
  const expiring: [string, string][] = [];
  const ttl: [string, string][] = [];
  for (let i = 0; i < databases; i++) {
    const line = info.get(`db${i}`);
    const found = pairs(line ?? '');
    keys.push([`{db="db${i}"}`, found.get('keys') ?? '0']);
    expiring.push([`{db="db${i}"}`, found.get('expires') ?? '0']);
    if (line !== undefined) ttl.push([`{db="db${i}"}`, formatFloat(Number(found.get('avg_ttl') ?? 0) / 1000)]);
  }
  const sort = (list: [string, string][]) => list.sort(([a], [b]) => (a < b ? -1 : 1));
  return (ttl.length > 0 ? family('redis_db_avg_ttl_seconds', 'Avg TTL in seconds', 'gauge', sort(ttl)) : '') + family('redis_db_keys', 'Total number of keys by DB', 'gauge', sort(keys)) + family('redis_db_keys_expiring', 'Total number of expiring keys by DB', 'gauge', sort(expiring));
}

function commands(info: Info): string {
  const stats = [...info].filter(([name]) => name.startsWith('cmdstat_')).map(([name, text]) => [name.slice(8), pairs(text)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const series = (key: string, scale: number) => stats.map(([name, values]) => [`{cmd="${name}"}`, formatFloat(Number(values.get(key) ?? 0) * scale)] as const);
  const errors = [...info].filter(([name]) => name.startsWith('errorstat_')).map(([name, text]) => [`{err="${name.slice(10)}"}`, pairs(text).get('count') ?? '0'] as const);
  const latency = [...info].filter(([name]) => name.startsWith('latency_percentiles_usec_')).sort(([a], [b]) => (a < b ? -1 : 1));
  if (stats.length === 0) return '';
  return (
    family('redis_commands_duration_seconds_total', 'Total amount of time in seconds spent per command', 'counter', series('usec', 1e-6)) + family('redis_commands_failed_calls_total', 'Total number of errors within command execution per command', 'counter', series('failed_calls', 1)) + family('redis_commands_rejected_calls_total', 'Total number of errors prior command execution per command', 'counter', series('rejected_calls', 1)) +
    family('redis_commands_total', 'Total number of calls per command', 'counter', series('calls', 1)) +
    (errors.length > 0 ? family('redis_errors_total', 'Total number of errors per error type', 'counter', errors) : '') +
    (latency.length > 0 ? summary('redis_latency_percentiles_usec', 'A summary of latency percentile distribution per command', latency.map(([name, text]) => [name.slice(25), pairs(text)] as const)) : '')
  );
}

function summary(name: string, help: string, series: readonly (readonly [string, ReadonlyMap<string, string>])[]): string {
  const lines = series.flatMap(([cmd, values]) => [['0.5', 'p50'], ['0.99', 'p99'], ['0.999', 'p99.9']].map(([quantile, key]) => `${name}{cmd="${cmd}",quantile="${quantile}"} ${values.get(key as string) ?? 0}`).concat(`${name}_sum{cmd="${cmd}"} 0`, `${name}_count{cmd="${cmd}"} 1`));
  return `# HELP ${name} ${help}\n# TYPE ${name} summary\n${lines.join('\n')}\n`;
}

/** Everything that INFO, CONFIG and the slow log tell, sorted by name as the client library does. */
export function redisMetrics(info: Info, configuration: ReadonlyMap<string, string>, now: number): string {
  const out: string[] = [];
  const simple = (names: Readonly<Record<string, string>>, type: string) => {
    for (const [key, metric] of Object.entries(names)) {
      const value = info.get(key);
      if (value !== undefined) out.push(family(`redis_${metric}`, `${metric} metric`, type, [['', numberOf(value)]]));
    }
  };
  simple(gauges, 'gauge');
  simple(counters, 'counter');
  const gauge = (name: string, help: string, value: number | string) => void out.push(family(`redis_${name}`, help, 'gauge', [['', value]]));
  gauge('latest_fork_seconds', 'latest_fork_seconds metric', Number(info.get('latest_fork_usec') ?? 0) / 1e6);
  gauge('start_time_seconds', 'Start time of the Redis instance since unix epoch in seconds.', formatFloat(Math.floor(now / 1e6) - Number(info.get('uptime_in_seconds') ?? 0)));
  for (const [key, name] of [['maxclients', 'config_maxclients'], ['maxmemory', 'config_maxmemory'], ['io-threads', 'config_io_threads']] as const) if (configuration.has(key)) gauge(name, `${name} metric`, configuration.get(key) ?? '0');
  gauge('slowlog_length', 'Total slowlog', 0);
  gauge('slowlog_last_id', 'Last id of slowlog', 0);
  gauge('last_slow_execution_duration_seconds', 'The amount of time needed for last slow execution, in seconds', 0);
  gauge('last_key_groups_scrape_duration_milliseconds', 'Duration of the last key group metrics scrape in milliseconds', 0);
  const label = (name: string, key: string) => `${name}="${info.get(key) ?? ''}"`;
  const instance = ['maxmemory_policy', 'os', 'process_id', 'redis_build_id', 'redis_mode', 'redis_version', 'role', 'run_id', 'tcp_port'].map((name) => label(name, name)).join(',');
  out.push(family('redis_instance_info', 'Information about the Redis instance', 'gauge', [[`{${instance}}`, 1]]), keyspace(info, Number(configuration.get('databases') ?? 16)), commands(info));
  return sorted(out.join(''));
}

/** Families in the order of their names. */
export function sorted(text: string): string {
  const families = text.split(/(?=^# HELP )/m).filter((part) => part !== '');
  return families.sort((a, b) => ((a.split(' ')[2] ?? '') < (b.split(' ')[2] ?? '') ? -1 : 1)).join('');
}

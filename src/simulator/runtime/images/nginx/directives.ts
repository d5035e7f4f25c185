import { ConfigError, type Directive } from './config';

export type Context = 'main' | 'events' | 'http' | 'server' | 'location' | 'upstream' | 'if' | 'limit_except';

interface Rule {
  readonly contexts: readonly Context[];
  readonly min: number;
  readonly max: number;
  readonly block?: Context;
  /** May stand only once. */
  readonly once?: boolean;
}

const hsl: readonly Context[] = ['http', 'server', 'location', 'if'];
const every: readonly Context[] = ['main', ...hsl];
const rule = (contexts: readonly Context[], min: number, max = min, more: Partial<Rule> = {}): Rule => ({ contexts, min, max, ...more });
const flag = rule(hsl, 1, 1, { once: true });
const one = (contexts: readonly Context[] = hsl) => rule(contexts, 1, 1, { once: true });

const rules: Readonly<Record<string, Rule>> = {
  user: rule(['main'], 1, 2, { once: true }), worker_processes: one(['main']), error_log: rule(every, 1, 3), pid: one(['main']), daemon: one(['main']), master_process: one(['main']),
  env: rule(['main'], 1), load_module: rule(['main'], 1), worker_rlimit_nofile: one(['main']), worker_shutdown_timeout: one(['main']), worker_cpu_affinity: rule(['main'], 1, 64), pcre_jit: one(['main']), thread_pool: rule(['main'], 2, 3), timer_resolution: one(['main']),
  events: rule(['main'], 0, 0, { block: 'events', once: true }), http: rule(['main'], 0, 0, { block: 'http', once: true }), stream: rule(['main'], 0, 0, { block: 'http', once: true }),
  worker_connections: one(['events']), use: one(['events']), multi_accept: one(['events']), accept_mutex: one(['events']),
  server: rule(['http', 'upstream'], 0, 99), upstream: rule(['http'], 1, 1, { block: 'upstream' }), location: rule(['server', 'location'], 1, 2, { block: 'location' }),
  if: rule(['server', 'location'], 1, 99, { block: 'if' }), limit_except: rule(['location'], 1, 99, { block: 'limit_except' }), map: rule(['http'], 2, 2), geo: rule(['http'], 1, 2), split_clients: rule(['http'], 2, 2), types: rule(hsl, 0, 0),
  listen: rule(['server'], 1, 20), server_name: rule(['server'], 1, 99), server_name_in_redirect: flag, server_names_hash_bucket_size: one(['http']), server_names_hash_max_size: one(['http']), server_tokens: flag,
  root: one(), alias: one(['location']), index: rule(hsl, 1, 99), try_files: rule(['server', 'location'], 2, 99, { once: true }), return: rule(['server', 'location', 'if'], 1, 2), rewrite: rule(['server', 'location', 'if'], 2, 3), set: rule(['server', 'location', 'if'], 2, 2), break: rule(['server', 'location', 'if'], 0, 0), internal: rule(['location'], 0, 0),
  error_page: rule(hsl, 2, 99), default_type: one(), types_hash_max_size: one(), types_hash_bucket_size: one(), charset: one(), add_header: rule(hsl, 2, 3), expires: rule(hsl, 1, 2, { once: true }), etag: flag, if_modified_since: one(),
  access_log: rule([...hsl, 'limit_except'], 1, 99), log_format: rule(['http'], 2, 99), log_not_found: flag, log_subrequest: flag, open_log_file_cache: rule(hsl, 1, 4),
  allow: rule([...hsl, 'limit_except'], 1, 1), deny: rule([...hsl, 'limit_except'], 1, 1), satisfy: one(), auth_basic: one(), auth_basic_user_file: one(), autoindex: flag, autoindex_exact_size: flag, autoindex_localtime: flag, autoindex_format: one(), stub_status: rule(['server', 'location'], 0, 1), empty_gif: rule(['location'], 0, 0),
  sendfile: flag, tcp_nopush: flag, tcp_nodelay: flag, aio: one(), directio: one(), output_buffers: rule(hsl, 2, 2), keepalive_timeout: rule(hsl, 1, 2, { once: true }), keepalive_requests: one(['http', 'server', 'location', 'upstream']), keepalive_time: one(['http', 'server', 'location', 'upstream']), send_timeout: one(), client_max_body_size: one(), client_body_buffer_size: one(), client_body_timeout: one(), client_header_timeout: one(['http', 'server']), client_header_buffer_size: one(['http', 'server']), large_client_header_buffers: rule(['http', 'server'], 2, 2), client_body_temp_path: rule(hsl, 1, 4), reset_timedout_connection: flag, lingering_close: one(), underscores_in_headers: one(['http', 'server']), ignore_invalid_headers: one(['http', 'server']), merge_slashes: one(['http', 'server']), absolute_redirect: flag, port_in_redirect: flag, chunked_transfer_encoding: flag, max_ranges: one(), open_file_cache: rule(hsl, 1, 2), open_file_cache_valid: one(), open_file_cache_errors: one(), open_file_cache_min_uses: one(), resolver: rule([...hsl, 'upstream'], 1, 99), resolver_timeout: one([...hsl, 'upstream']), limit_rate: one(), limit_rate_after: one(), limit_req_zone: rule(['http'], 3, 4), limit_req: rule(hsl, 1, 3), limit_req_status: one(), limit_conn_zone: rule(['http'], 2), limit_conn: rule(hsl, 2), variables_hash_max_size: one(['http']), variables_hash_bucket_size: one(['http']), real_ip_header: one(), set_real_ip_from: rule(hsl, 1), real_ip_recursive: flag, sub_filter: rule(hsl, 2), sub_filter_once: flag, sub_filter_types: rule(hsl, 1, 99), auth_request: one(), mirror: rule(hsl, 1),
  gzip: flag, gzip_types: rule(hsl, 1, 99), gzip_min_length: one(), gzip_comp_level: one(), gzip_vary: flag, gzip_proxied: rule(hsl, 1, 9), gzip_disable: rule(hsl, 1, 9), gzip_buffers: rule(hsl, 2), gzip_http_version: one(), gzip_static: one(),
  proxy_pass: rule(['location', 'if', 'limit_except'], 1, 1, { once: true }), proxy_set_header: rule(hsl, 2), proxy_hide_header: rule(hsl, 1), proxy_pass_header: rule(hsl, 1), proxy_connect_timeout: one(), proxy_read_timeout: one(), proxy_send_timeout: one(), proxy_http_version: one(), proxy_buffering: flag, proxy_request_buffering: flag, proxy_buffers: rule(hsl, 2), proxy_buffer_size: one(), proxy_busy_buffers_size: one(), proxy_redirect: rule(hsl, 1, 2), proxy_next_upstream: rule(hsl, 1, 12), proxy_next_upstream_tries: one(), proxy_next_upstream_timeout: one(), proxy_method: one(), proxy_pass_request_body: flag, proxy_pass_request_headers: flag, proxy_intercept_errors: flag, proxy_ignore_headers: rule(hsl, 1, 9), proxy_cache: one(), proxy_cache_path: rule(['http'], 2, 12), proxy_cache_valid: rule(hsl, 1, 9), proxy_temp_path: rule(hsl, 1, 4), proxy_max_temp_file_size: one(), proxy_ssl_verify: flag, proxy_ssl_server_name: flag, proxy_cookie_path: rule(hsl, 1, 9), proxy_set_body: one(), proxy_socket_keepalive: flag, proxy_bind: rule(hsl, 1, 2), proxy_ignore_client_abort: flag,
  least_conn: rule(['upstream'], 0, 0), ip_hash: rule(['upstream'], 0, 0), random: rule(['upstream'], 0, 2), hash: rule(['upstream'], 1, 2), keepalive: rule(['upstream'], 1, 1), zone: rule(['upstream'], 1, 2),
  ssl_certificate: rule(['http', 'server'], 1), ssl_certificate_key: rule(['http', 'server'], 1), ssl_protocols: rule(['http', 'server'], 1, 6), ssl_prefer_server_ciphers: one(['http', 'server']), ssl_ciphers: one(['http', 'server']), ssl_session_cache: rule(['http', 'server'], 1, 2), ssl_session_timeout: one(['http', 'server']),
};

const freeBlocks = ['types', 'map', 'geo', 'split_clients'];

/** Checks names, places and numbers of arguments, as nginx does while it reads. Throws ConfigError. */
export function checkDirectives(directives: readonly Directive[], context: Context): void {
  const seen = new Set<string>();
  for (const directive of directives) {
    const { name, args, block, file, line } = directive;
    const known = rules[name];
    const at = `in ${file}:${line}`;
    if (!known) throw new ConfigError(`unknown directive "${name}" ${at}`);
    if (!known.contexts.includes(context)) throw new ConfigError(`"${name}" directive is not allowed here ${at}`);
    const nested: Context | undefined = name === 'server' && context === 'http' ? 'server' : known.block;
    const wantsBlock = nested !== undefined || freeBlocks.includes(name);
    if (wantsBlock && !block) throw new ConfigError(`directive "${name}" has no opening "{" ${at}`);
    if (!wantsBlock && block) throw new ConfigError(`directive "${name}" is not terminated by ";" ${at}`);
    const [min, max] = name === 'server' ? (context === 'http' ? [0, 0] : [1, 99]) : [known.min, known.max];
    if (args.length < min || args.length > max) throw new ConfigError(`invalid number of arguments in "${name}" directive ${at}`);
    if (known.once && seen.has(name)) throw new ConfigError(`"${name}" directive is duplicate ${at}`);
    seen.add(name);
    if (nested && block) checkDirectives(block, nested);
  }
}

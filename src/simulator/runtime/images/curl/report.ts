import type { Time } from '../../../kernel';
import { headerOf, type HttpHeaders } from '../../../network';

/** What is known of a transfer, for -w. */
export interface Transfer {
  url: string;
  method: string;
  status: number;
  version: string;
  headers: HttpHeaders;
  headerSize: number;
  downloaded: number;
  uploaded: number;
  redirects: number;
  redirectUrl: string;
  connects: number;
  local: { address: string; port: number };
  remote: { address: string; port: number };
  startedAt: Time;
  lookedUpAt: Time;
  connectedAt: Time;
  firstByteAt: Time;
  endedAt: Time;
  exitCode: number;
  error: string;
  file: string;
}

const time = (from: Time, to: Time): string => (to < from ? '0.000000' : ((to - from) / 1_000_000).toFixed(6));

const variables: Readonly<Record<string, (transfer: Transfer) => string>> = {
  http_code: ({ status }) => String(status).padStart(3, '0'),
  response_code: ({ status }) => String(status).padStart(3, '0'),
  http_version: ({ version }) => version.replace('HTTP/', '') || '0',
  method: ({ method }) => method,
  url: ({ url }) => url,
  url_effective: ({ url }) => url,
  content_type: ({ headers }) => headerOf(headers, 'content-type') ?? '',
  size_download: ({ downloaded }) => String(downloaded),
  size_upload: ({ uploaded }) => String(uploaded),
  size_header: ({ headerSize }) => String(headerSize),
  size_request: () => '0',
  speed_download: ({ downloaded, startedAt, endedAt }) => String(endedAt > startedAt ? Math.round((downloaded * 1_000_000) / (endedAt - startedAt)) : 0),
  speed_upload: ({ uploaded, startedAt, endedAt }) => String(endedAt > startedAt ? Math.round((uploaded * 1_000_000) / (endedAt - startedAt)) : 0),
  num_redirects: ({ redirects }) => String(redirects),
  redirect_url: ({ redirectUrl }) => redirectUrl,
  num_connects: ({ connects }) => String(connects),
  num_headers: ({ headers }) => String(headers.length),
  local_ip: ({ local }) => local.address,
  local_port: ({ local }) => String(local.port),
  remote_ip: ({ remote }) => remote.address,
  remote_port: ({ remote }) => String(remote.port),
  time_namelookup: ({ startedAt, lookedUpAt }) => time(startedAt, lookedUpAt),
  time_connect: ({ startedAt, connectedAt }) => time(startedAt, connectedAt),
  time_appconnect: () => '0.000000',
  time_pretransfer: ({ startedAt, connectedAt }) => time(startedAt, connectedAt),
  time_starttransfer: ({ startedAt, firstByteAt }) => time(startedAt, firstByteAt),
  time_redirect: () => '0.000000',
  time_total: ({ startedAt, endedAt }) => time(startedAt, endedAt),
  exitcode: ({ exitCode }) => String(exitCode),
  errormsg: ({ error }) => error,
  scheme: ({ url }) => (url.startsWith('https') ? 'HTTPS' : 'HTTP'),
  filename_effective: ({ file }) => file,
  ssl_verify_result: () => '0',
};

/** Fills in -w's format. */
export function writeOut(format: string, transfer: Transfer): string {
  return format
    .replace(/\\([nrt\\])/g, (_, c: string) => ({ n: '\n', r: '\r', t: '\t', '\\': '\\' })[c] ?? c)
    .replace(/%\{([a-z_]+)\}|%header\{([^}]+)\}|%%/g, (whole, name?: string, header?: string) => {
      if (whole === '%%') return '%';
      if (header !== undefined) return headerOf(transfer.headers, header.toLowerCase()) ?? '';
      return variables[name ?? '']?.(transfer) ?? '';
    });
}

/** Five characters for a number of bytes. */
function short(bytes: number): string {
  if (bytes < 100_000) return String(Math.round(bytes)).padStart(5);
  if (bytes < 10_000 * 1024) return `${String(Math.floor(bytes / 1024)).padStart(4)}k`;
  if (bytes < 100 * 1_048_576) return `${(bytes / 1_048_576).toFixed(1).padStart(4)}M`;
  return `${String(Math.floor(bytes / 1_048_576)).padStart(4)}M`;
}

function clock(microseconds: number): string {
  const total = Math.floor(microseconds / 1_000_000);
  if (total <= 0) return '--:--:--';
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(Math.floor(total / 3600)).padStart(2)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
}

export const meterHead = '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n';
export const meterStart = '\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0';

/** The progress meter's last line. */
export function meterEnd(total: number, downloaded: number, uploaded: number, took: number): string {
  const all = total + uploaded;
  const percent = (part: number, of: number) => String(of > 0 ? Math.floor((part * 100) / of) : 0).padStart(3);
  const rate = (bytes: number) => (took > 0 ? (bytes * 1_000_000) / took : 0);
  const speed = rate(downloaded + uploaded);
  const line = `${percent(downloaded + uploaded, all)} ${short(all)}  ${percent(downloaded, total)} ${short(downloaded)}  ${percent(uploaded, uploaded)} ${short(uploaded)}  ${short(rate(downloaded))}  ${short(rate(uploaded))} --:--:-- ${clock(took)} --:--:-- ${short(speed)}`;
  return `\r${line}\n`;
}

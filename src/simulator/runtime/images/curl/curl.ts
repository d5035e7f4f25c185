import { seconds, type Task } from '../../../kernel';
import { headerOf } from '../../../network';
import { type FileHandle, type Program, type System, SystemError } from '../../interface';
import { type CurlOptions, parseOptions, UsageError } from './options';
import { meterEnd, meterHead, meterStart, type Transfer, writeOut } from './report';
import { bodyOf, CurlError, limited, parseUrl, type Sinks, transferOnce, type Url } from './transfer';

const versionText = `curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.22 zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13
Release-Date: 2023-02-20, security patched: 7.88.1-10+deb12u15
Protocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp
Features: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM NTLM_WB PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd
`;

const helpText = `Usage: curl [options...] <url>
 -d, --data <data>          HTTP POST data
 -f, --fail                 Fail fast with no output on HTTP errors
 -h, --help <category>      Get help for commands
 -i, --include              Include protocol response headers in the output
 -o, --output <file>        Write to file instead of stdout
 -O, --remote-name          Write output to a file named as the remote file
 -s, --silent               Silent mode
 -T, --upload-file <file>   Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -A, --user-agent <name>    Send User-Agent <name> to server
 -v, --verbose              Make the operation more talkative
 -V, --version              Show version number and quit

This is not the full help, this menu is stripped into categories.
Use "--help category" to get an overview of all categories.
For all options use the manual or "--help all".
`;

const methodAfter = (status: number, method: string): string => (status === 303 || ((status === 301 || status === 302) && method === 'POST') ? (method === 'HEAD' ? 'HEAD' : 'GET') : method);

class Curl {
  private out: FileHandle | undefined;

  constructor(private readonly system: System, private readonly options: CurlOptions) {}

  *run(): Task<number> {
    let code = 0;
    for (const [i, url] of this.options.urls.entries()) code = yield* this.withRetries(url, i);
    return code;
  }

  private *withRetries(text: string, index: number): Task<number> {
    const { options, system } = this;
    let delay = options.retryDelay ?? seconds(1);
    for (let left = options.retry; ; left--) {
      const transfer = blank(text, system.now);
      const code = yield* this.one(text, index, transfer);
      const transient = code === 28 || code === 6 || [408, 429, 500, 502, 503, 504].includes(transfer.status) || (code === 7 && options.retryConnRefused) || (code !== 0 && options.retryAllErrors);
      if (left <= 0 || !transient) return code;
      const problem = code === 7 ? 'connection refused' : code === 28 ? 'timeout' : transfer.status >= 400 ? 'HTTP error' : '(retrying all errors)';
      if (!options.silent || options.showError) yield* system.stderr.write(`Warning: Problem: ${problem} Will retry in ${Math.round(delay / 1_000_000)} ${delay === 1_000_000 ? 'second' : 'seconds'}. ${left} ${left === 1 ? 'retry' : 'retries'} \nWarning: left.\n`);
      yield* system.sleep(delay);
      if (options.retryDelay === undefined) delay = Math.min(delay * 2, seconds(600));
    }
  }

  private *one(text: string, index: number, transfer: Transfer): Task<number> {
    const { options, system } = this;
    const file = this.fileFor(text, index);
    const toTerminal = file === undefined && system.stdout.isTerminal;
    const meter = !options.silent && !toTerminal;
    let failure: CurlError | undefined;
    try {
      if (file === '') {
        yield* system.stderr.write('curl: Remote file name has no length!\n');
        throw new CurlError(23, 'Failed writing received data to disk/application');
      }
      transfer.file = file ?? '';
      if (meter) yield* system.stderr.write(meterHead + meterStart);
      yield* limited(options, system, transfer, () => this.follow(parseUrl(text), file, transfer));
      if (options.failWithBody && transfer.status >= 400) throw new CurlError(22, `The requested URL returned error: ${transfer.status}`);
    } catch (error) {
      if (!(error instanceof CurlError)) throw error;
      failure = error;
    } finally {
      this.out?.close();
      this.out = undefined;
    }
    transfer.endedAt = system.now;
    const total = failure?.code === 22 ? 0 : Number(headerOf(transfer.headers, 'content-length') ?? transfer.downloaded);
    if (meter && file !== '') yield* system.stderr.write(failure && transfer.downloaded === 0 ? `${meterStart}\n` : meterEnd(Math.max(total, transfer.downloaded), transfer.downloaded, transfer.uploaded, transfer.endedAt - transfer.startedAt));
    transfer.exitCode = failure?.code ?? 0;
    transfer.error = failure?.message ?? '';
    if (options.writeOut !== undefined) yield* system.stdout.write(writeOut(options.writeOut, transfer));
    if (failure && (!options.silent || options.showError)) yield* system.stderr.write(`curl: (${failure.code}) ${failure.message}\n`);
    return failure?.code ?? 0;
  }

  private fileFor(text: string, index: number): string | undefined {
    const { outputs } = this.options;
    if (index >= outputs.length) return undefined;
    const named = outputs[index];
    if (named === '-') return undefined;
    return named ?? (text.replace(/[?#].*/, '').replace(/^[a-z]+:\/\/[^/]*/, '').split('/').at(-1) || '');
  }

  private *follow(first: Url, file: string | undefined, transfer: Transfer): Task {
    const { options, system } = this;
    let body = options.get ? undefined : bodyOf(system, options);
    let url = first;
    if (options.get) {
      const query = bodyOf(system, options);
      if (query) url = { ...first, target: `${first.target}${first.target.includes('?') ? '&' : '?'}${String.fromCharCode(...query)}` };
    }
    let method = options.method ?? (options.head ? 'HEAD' : options.upload !== undefined ? 'PUT' : body ? 'POST' : 'GET');
    if (options.upload !== undefined && url.target.endsWith('/') && options.upload !== '-') url = { ...url, target: url.target + (options.upload.split('/').at(-1) ?? '') };
    for (;;) {
      transfer.method = method;
      const head = yield* transferOnce(system, options, url, method, body, transfer, this.sinks(file));
      const location = headerOf(head.headers, 'location');
      if (![301, 302, 303, 307, 308].includes(head.status) || location === undefined) return;
      transfer.redirectUrl = absolute(url, location);
      if (!options.follow) return;
      if (transfer.redirects >= options.maxRedirs) throw new CurlError(47, `Maximum (${options.maxRedirs}) redirects followed`);
      transfer.redirects += 1;
      if (options.verbose) yield* system.stderr.write(`* Issue another request to this URL: '${transfer.redirectUrl}'\n`);
      url = parseUrl(transfer.redirectUrl);
      transfer.url = transfer.redirectUrl;
      transfer.redirectUrl = '';
      transfer.downloaded = 0;
      const next = options.method ?? methodAfter(head.status, method);
      if (next === 'GET' && method !== 'GET') body = undefined;
      method = next;
    }
  }

  private sinks(file: string | undefined): Sinks {
    const { options, system } = this;
    const write = (data: Uint8Array | string): Task => this.write(file, data);
    return {
      *info(text) {
        if (options.verbose) yield* system.stderr.write(text);
      },
      *headerLine(text) {
        if (options.include || options.head) yield* write(text);
        if (options.dumpHeader === '-') yield* system.stdout.write(text);
        else if (options.dumpHeader !== undefined) system.files.appendFile(options.dumpHeader, text);
      },
      body: write,
    };
  }

  private *write(file: string | undefined, data: Uint8Array | string): Task {
    const { system } = this;
    try {
      if (file === undefined) return yield* system.stdout.write(data);
      this.out ??= system.files.open(file, { write: true, create: true, truncate: true });
      yield* this.out.write(data);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (file !== undefined && !this.options.silent) yield* system.stderr.write(`Warning: Failed to open the file ${file}: ${{ ENOENT: 'No such file or directory', EACCES: 'Permission denied', EROFS: 'Read-only file system', EISDIR: 'Is a directory' }[error.code] ?? error.code}\n`);
      throw new CurlError(23, 'Failure writing output to destination');
    }
  }
}

function absolute(url: Url, location: string): string {
  if (/^[a-z]+:\/\//i.test(location)) return location;
  const standard = url.port === (url.scheme === 'https' ? 443 : 80);
  const origin = `${url.scheme}://${url.host}${standard ? '' : `:${url.port}`}`;
  return location.startsWith('/') ? origin + location : `${origin}${url.target.replace(/\?.*/, '').replace(/[^/]*$/, '')}${location}`;
}

const blank = (text: string, now: number): Transfer => {
  const url = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  return {
    url: /^[a-z]+:\/\/[^/?#]+$/i.test(url) ? `${url}/` : url, method: 'GET', status: 0, version: '', headers: [], headerSize: 0, downloaded: 0, uploaded: 0, redirects: 0, redirectUrl: '', connects: 0, local: { address: '', port: 0 }, remote: { address: '', port: 0 },
    startedAt: now, lookedUpAt: 0, connectedAt: 0, firstByteAt: 0, endedAt: 0, exitCode: 0, error: '', file: '',
  };
};

/** /usr/bin/curl. */
export const curl: Program = function* (system) {
  const { argv, stdout, stderr } = system;
  const usage = "curl: try 'curl --help' or 'curl --manual' for more information\n";
  if (argv[1] === '-V' || argv[1] === '--version') {
    yield* stdout.write(versionText);
    return 0;
  }
  if (argv[1] === '-h' || argv[1] === '--help') {
    yield* stdout.write(helpText);
    return 0;
  }
  try {
    const options = parseOptions(argv);
    if (options.urls.length > 0) return yield* new Curl(system, options).run();
    yield* stderr.write(argv.length > 1 ? `curl: no URL specified!\n${usage}` : usage);
    return 2;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    yield* stderr.write(`curl: ${error.message}\n${usage}`);
    return 2;
  }
};

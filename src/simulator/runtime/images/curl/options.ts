/** What the command line asks for. */
export interface CurlOptions {
  silent: boolean;
  showError: boolean;
  include: boolean;
  head: boolean;
  verbose: boolean;
  follow: boolean;
  fail: boolean;
  failWithBody: boolean;
  insecure: boolean;
  get: boolean;
  remoteName: boolean;
  output: string | undefined;
  outputs: (string | undefined)[];
  writeOut: string | undefined;
  method: string | undefined;
  data: string[];
  json: boolean;
  upload: string | undefined;
  headers: string[];
  user: string | undefined;
  agent: string | undefined;
  referer: string | undefined;
  cookie: string | undefined;
  maxTime: number | undefined;
  connectTimeout: number | undefined;
  retry: number;
  retryDelay: number | undefined;
  retryConnRefused: boolean;
  retryAllErrors: boolean;
  maxRedirs: number;
  dumpHeader: string | undefined;
  cacert: string | undefined;
  http10: boolean;
  progressBar: boolean;
  createDirs: boolean;
  resolve: string[];
  urls: string[];
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Apply = (options: CurlOptions, value: string) => void;
const on = (key: keyof CurlOptions): Apply => (options) => void Object.assign(options, { [key]: true });
const seconds = (key: 'maxTime' | 'connectTimeout' | 'retryDelay', name: string): Apply => (options, value) => {
  if (!/^\d+(\.\d+)?$/.test(value)) throw new UsageError(`option ${name}: expected a proper numerical parameter`);
  options[key] = Math.round(Number(value) * 1_000_000);
};
const nothing: Apply = () => undefined;

/** Long names: what they do, and whether they take a value. */
const long: Readonly<Record<string, readonly [boolean, Apply]>> = {
  silent: [false, on('silent')], 'show-error': [false, on('showError')], include: [false, on('include')], head: [false, on('head')], verbose: [false, on('verbose')], location: [false, on('follow')], fail: [false, on('fail')],
  'fail-with-body': [false, on('failWithBody')], insecure: [false, on('insecure')], get: [false, on('get')], 'remote-name': [false, (o) => void ((o.remoteName = true), o.outputs.push(undefined))], output: [true, (o, v) => void ((o.output = v), o.outputs.push(v))], 'write-out': [true, (o, v) => void (o.writeOut = v)],
  request: [true, (o, v) => void (o.method = v)], data: [true, (o, v) => void o.data.push(v)], 'data-raw': [true, (o, v) => void o.data.push(`=${v}`)], 'data-ascii': [true, (o, v) => void o.data.push(v)], 'data-binary': [true, (o, v) => void o.data.push(v.startsWith('@') ? `b${v}` : v)], 'data-urlencode': [true, (o, v) => void o.data.push(`u${v}`)],
  json: [true, (o, v) => void (o.data.push(v), (o.json = true))], 'upload-file': [true, (o, v) => void (o.upload = v)], header: [true, (o, v) => void o.headers.push(v)], user: [true, (o, v) => void (o.user = v)], 'user-agent': [true, (o, v) => void (o.agent = v)], referer: [true, (o, v) => void (o.referer = v)], cookie: [true, (o, v) => void (o.cookie = v)],
  'max-time': [true, seconds('maxTime', '-m')], 'connect-timeout': [true, seconds('connectTimeout', '--connect-timeout')], retry: [true, (o, v) => void (o.retry = Number(v))], 'retry-delay': [true, seconds('retryDelay', '--retry-delay')], 'retry-connrefused': [false, on('retryConnRefused')], 'retry-all-errors': [false, on('retryAllErrors')], 'retry-max-time': [true, nothing],
  'max-redirs': [true, (o, v) => void (o.maxRedirs = Number(v))], 'dump-header': [true, (o, v) => void (o.dumpHeader = v)], cacert: [true, (o, v) => void (o.cacert = v)], cert: [true, nothing], key: [true, nothing], 'http1.0': [false, on('http10')], 'http1.1': [false, nothing], http2: [false, nothing], 'progress-bar': [false, on('progressBar')], 'create-dirs': [false, on('createDirs')],
  resolve: [true, (o, v) => void o.resolve.push(v)], url: [true, (o, v) => void o.urls.push(v)], 'no-buffer': [false, nothing], ipv4: [false, nothing], ipv6: [false, nothing], compressed: [false, nothing], 'no-progress-meter': [false, on('silent')], noproxy: [true, nothing], globoff: [false, nothing], 'keepalive-time': [true, nothing], 'no-keepalive': [false, nothing],
  'path-as-is': [false, nothing], 'location-trusted': [false, on('follow')], 'tcp-nodelay': [false, nothing], 'limit-rate': [true, nothing], 'cookie-jar': [true, nothing], disable: [false, nothing], 'oauth2-bearer': [true, (o, v) => void o.headers.push(`Authorization: Bearer ${v}`)], 'tlsv1.2': [false, nothing],
};

const short: Readonly<Record<string, string>> = {
  s: 'silent', S: 'show-error', i: 'include', I: 'head', v: 'verbose', L: 'location', f: 'fail', k: 'insecure', G: 'get', O: 'remote-name', o: 'output', w: 'write-out', X: 'request', d: 'data', T: 'upload-file', H: 'header', u: 'user', A: 'user-agent', e: 'referer', b: 'cookie',
  m: 'max-time', D: 'dump-header', E: 'cert', '0': 'http1.0', '#': 'progress-bar', N: 'no-buffer', '4': 'ipv4', '6': 'ipv6', g: 'globoff', c: 'cookie-jar', q: 'disable',
};

/** Those that exist and are not done here; they take a value. */
const foreign = ['z', 'x', 'r', 'C', 'K', 'F', 'Y', 'y', 't', 'P', 'Q', 'U'];

/** Reads the command line. Throws UsageError with curl's words. */
export function parseOptions(argv: readonly string[]): CurlOptions {
  const options: CurlOptions = {
    silent: false, showError: false, include: false, head: false, verbose: false, follow: false, fail: false, failWithBody: false, insecure: false, get: false, remoteName: false, output: undefined, outputs: [], writeOut: undefined, method: undefined, data: [], json: false, upload: undefined, headers: [],
    user: undefined, agent: undefined, referer: undefined, cookie: undefined, maxTime: undefined, connectTimeout: undefined, retry: 0, retryDelay: undefined, retryConnRefused: false, retryAllErrors: false, maxRedirs: 50, dumpHeader: undefined, cacert: undefined, http10: false, progressBar: false, createDirs: false, resolve: [], urls: [],
  };
  let only = false;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    if (only || !word.startsWith('-') || word === '-') options.urls.push(word);
    else if (word === '--') only = true;
    else if (word.startsWith('--')) {
      const name = word.slice(2);
      const known = long[name] ?? only1(name);
      if (!known) throw new UsageError(`option ${word}: is unknown`);
      if (known[0] && argv[i + 1] === undefined) throw new UsageError(`option ${word}: requires parameter`);
      known[1](options, known[0] ? (argv[++i] as string) : '');
    } else i = letters(options, argv, i, word);
  }
  return options;
}

/** --no-silent and abbreviations that mean one thing alone. */
function only1(name: string): readonly [boolean, Apply] | undefined {
  const matches = Object.keys(long).filter((one) => one.startsWith(name));
  return matches.length === 1 ? long[matches[0] as string] : undefined;
}

function letters(options: CurlOptions, argv: readonly string[], index: number, word: string): number {
  for (let j = 1; j < word.length; j++) {
    const letter = word[j] as string;
    const known = long[short[letter] ?? ''];
    const takes = known ? known[0] : foreign.includes(letter);
    if (!known && !takes) throw new UsageError(`option ${word}: is unknown`);
    if (!takes) {
      known?.[1](options, '');
      continue;
    }
    const rest = word.slice(j + 1);
    const value = rest !== '' ? rest : argv[index + 1];
    if (value === undefined) throw new UsageError(`option ${word}: requires parameter`);
    known?.[1](options, value);
    return rest !== '' ? index : index + 1;
  }
  return index;
}

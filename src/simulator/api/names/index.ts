/*
 * What names may look like, in the server's own words: each function gives what is wrong with a text, nothing when it
 * is right. See https://kubernetes.io/docs/concepts/overview/working-with-objects/names/.
 */
const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain1123 = `${label1123}(\\.${label1123})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedPart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualifiedPart})?`;
const whole = (pattern: string) => new RegExp(`^${pattern}$`);

const patterns = {
  label1123: whole(label1123),
  subdomain1123: whole(subdomain1123),
  label1035: whole(label1035),
  qualifiedPart: whole(qualifiedPart),
  labelValue: whole(labelValue),
  wildcard: whole(`\\*\\.${subdomain1123}`),
  environment: /^[-._a-zA-Z][-._a-zA-Z0-9]*$/,
  relaxedEnvironment: /^[ -<>-~]+$/,
  key: /^[-._a-zA-Z0-9]+$/,
  identifier: /^[A-Za-z_][A-Za-z0-9_]*$/,
  header: /^[-A-Za-z0-9]+$/,
};

const usedFor = (pattern: string) => `regex used for validation is '${pattern}'`;
const label1123Message = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', ${usedFor(label1123)})`;
const subdomain1123Message = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', ${usedFor(subdomain1123)})`;
const label1035Message = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', ${usedFor(label1035)})`;
const qualifiedMessage = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', ${usedFor(qualifiedPart)})`;
const labelValueMessage = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', ${usedFor(labelValue)})`;

/** The message for a text that is longer than it may be. */
export const tooLongMessage = (length: number): string => `must be no more than ${length} characters`;
const tooManyBytes = (length: number) => `must be no more than ${length} bytes`;

/** Bytes of a text in UTF-8, which is how the server counts lengths. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

const none: readonly string[] = Object.freeze([]);

function check(text: string, pattern: RegExp, message: string, limit = Infinity, tooLong = tooLongMessage): readonly string[] {
  const fits = text.length * 3 <= limit || byteLength(text) <= limit;
  const matches = pattern.test(text);
  if (fits && matches) return none;
  return [...(fits ? [] : [tooLong(limit)]), ...(matches ? [] : [message])];
}

/** my-name, 123-abc; at most 63 characters. */
export const isDns1123Label = (text: string): readonly string[] =>
  check(text, patterns.label1123, patterns.subdomain1123.test(text) ? 'must not contain dots' : label1123Message, 63);

/** example.com; at most 253 characters. */
export const isDns1123Subdomain = (text: string): readonly string[] => check(text, patterns.subdomain1123, subdomain1123Message, 253);

/** As isDns1123Label, but starts with a letter. */
export const isDns1035Label = (text: string): readonly string[] => check(text, patterns.label1035, label1035Message, 63);

/** The value of a label. */
export const isValidLabelValue = (text: string): readonly string[] => check(text, patterns.labelValue, labelValueMessage, 63, tooManyBytes);

/** *.example.com */
export const isWildcardDns1123Subdomain = (text: string): readonly string[] =>
  check(text, patterns.wildcard, `a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', ${usedFor(`\\*\\.${subdomain1123}`)})`, 253);

/** A name in a program. */
export const isCIdentifier = (text: string): readonly string[] =>
  check(text, patterns.identifier, `a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', ${usedFor('[A-Za-z_][A-Za-z0-9_]*')})`);

/** The name of an HTTP header. */
export const isHttpHeaderName = (text: string): readonly string[] =>
  check(text, patterns.header, `a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', ${usedFor('[-A-Za-z0-9]+')})`);

/** The key of a label, an annotation, a taint …: example.com/MyName. */
export function isQualifiedName(text: string): readonly string[] {
  const parts = text.split('/');
  if (parts.length > 2) return [`a valid label key ${qualifiedMessage} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts[parts.length - 1] ?? '';
  const errors: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0] ?? '';
    if (prefix === '') errors.push('prefix part must be non-empty');
    else errors.push(...check(prefix, patterns.subdomain1123, subdomain1123Message, 253, tooManyBytes).map((message) => `prefix part ${message}`));
  }
  if (name === '') errors.push('name part must be non-empty');
  errors.push(...check(name, patterns.qualifiedPart, qualifiedMessage, 63, tooManyBytes).map((message) => `name part ${message}`));
  return errors.length === 0 ? none : errors;
}

function dotNames(text: string): readonly string[] {
  if (text === '.') return ["must not be '.'"];
  if (text === '..') return ["must not be '..'"];
  return text.startsWith('..') ? ["must not start with '..'"] : none;
}

/** The name of an environment variable, under the strict rule. */
export function isEnvVarName(text: string): readonly string[] {
  const message = `a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', ${usedFor('[-._a-zA-Z][-._a-zA-Z0-9]*')})`;
  return [...check(text, patterns.environment, message), ...dotNames(text)];
}

/** The name of an environment variable: any printable ASCII but '='. */
export const isRelaxedEnvVarName = (text: string): readonly string[] =>
  check(text, patterns.relaxedEnvironment, "a valid environment variable name must consist only of printable ASCII characters other than '='");

/** A key of a ConfigMap's or Secret's data. */
export function isConfigMapKey(text: string): readonly string[] {
  const message = `a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', ${usedFor('[-._a-zA-Z0-9]+')})`;
  return [...check(text, patterns.key, message, 253), ...dotNames(text)];
}

/** An IANA service name: at most 15 characters with a letter among them. */
export function isValidPortName(text: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(text) > 15) errors.push(tooLongMessage(15));
  if (!/^[-a-z0-9]+$/.test(text)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) errors.push('must contain at least one letter (a-z)');
  if (text.includes('--')) errors.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors.length === 0 ? none : errors;
}

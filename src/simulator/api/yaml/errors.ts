/** Why a text is not YAML, in go-yaml's words. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}

/** What our parser says of a fault. */
export interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

type Found = readonly [message: string, fromScanner: boolean];

const messages: Readonly<Record<string, Found>> = {
  BLOCK_AS_IMPLICIT_KEY: ['mapping values are not allowed in this context', true],
  MULTILINE_IMPLICIT_KEY: ['mapping values are not allowed in this context', true],
  TAB_AS_INDENT: ['found character that cannot start any token', true],
  BAD_SCALAR_START: ['found character that cannot start any token', true],
  BAD_DQ_ESCAPE: ['found unknown escape character', true],
  BLOCK_IN_FLOW: ['did not find expected node content', false],
  BAD_INDENT: ['did not find expected key', false],
  UNEXPECTED_TOKEN: ['did not find expected key', false],
};

const lineAt = (text: string, at: number) => text.slice(0, at).split('\n').length - 1;

function describe(fault: YamlFault, text: string): { found: Found; line: number } {
  const line = lineAt(text, fault.pos[0]);
  const lastLine = lineAt(text.endsWith('\n') ? text : `${text}\n`, text.length + 1);
  const source = text.slice(fault.pos[0]);
  if (/quote/.test(fault.message)) return { found: ['found unexpected end of stream', true], line: text.endsWith('\n') ? lastLine : lineAt(text, text.length) };
  if (fault.code === 'MULTILINE_IMPLICIT_KEY') return { found: messages['MULTILINE_IMPLICIT_KEY'] as Found, line: lineAt(text, fault.pos[1]) };
  if (/Flow (?:sequence|map)|must end with|Expected flow/.test(fault.message)) {
    const wanted = /sequence|\]/.test(fault.message) ? "',' or ']'" : "',' or '}'";
    const found: Found = [/[[{,]\s*$/.test(text.slice(0, source.trim() === '' ? undefined : fault.pos[0])) ? 'did not find expected node content' : `did not find expected ${wanted}`, false];
    return { found, line: source.trim() === '' ? lastLine : line };
  }
  if (/Unexpected , in flow/.test(fault.message)) return { found: ['did not find expected node content', false], line };
  if (fault.message === 'Sequence item without - indicator' || (fault.message === 'Unexpected scalar at node end' && /^\s*- /.test(text))) return { found: ["did not find expected '-' indicator", false], line };
  if (fault.code === 'TAB_AS_INDENT' && lineAt(text, fault.pos[0]) > 0 && !/:\s*$/.test(text.slice(0, fault.pos[0]).trimEnd())) return { found: ['found a tab character that violates indentation', true], line };
  return { found: messages[fault.code] ?? ['did not find expected key', false], line };
}

/** go-yaml's message for a fault. It names no line for the first one. */
export function yamlMessage(fault: YamlFault, text: string): string {
  const { found: [message, fromScanner], line } = describe(fault, text);
  return line === 0 ? `yaml: ${message}` : `yaml: line ${fromScanner ? line + 1 : line}: ${message}`;
}

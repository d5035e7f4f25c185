import { Document, isScalar, parse, visit } from 'yaml';
import { encodeProtobuf, type KubeObject, parseApiVersion, typeForKind } from '../../api';
import { encodeBody } from './encode';

/** The protobuf of an object, if its kind has one. */
export function protobufOf(body: unknown): Uint8Array | undefined {
  const { apiVersion, kind } = body as KubeObject;
  const type = apiVersion === undefined || kind === undefined ? undefined : typeForKind({ ...parseApiVersion(apiVersion), kind });
  return type && encodeProtobuf(type, body as Readonly<Record<string, unknown>>);
}

/** The YAML that the server sends: keys sorted, lists not indented, strings that look like something else quoted. */
export function yamlOf(body: unknown): string {
  const document = new Document(JSON.parse(encodeBody(body)) as unknown, { sortMapEntries: true, version: '1.1' });
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || typeof node.value !== 'string' || node.value.includes('\n')) return;
      if (ambiguous(node.value)) node.type = 'QUOTE_DOUBLE';
      else if (/: |:$| #|^[\s&*!|>'"%@`{}[\],?#-]|\s$/.test(node.value)) node.type = 'QUOTE_SINGLE';
    },
  });
  return foldLong(document.toString({ indentSeq: false, singleQuote: true, lineWidth: 0 }));
}

const widest = 80;

/** Breaks texts as libyaml does: at the first single space after column 80. */
function foldLong(yaml: string): string {
  return yaml.split('\n').map((line) => {
    const found = /^( *)(?:- )*(?:[\w./-]+: )?(?=['\w])/.exec(line);
    if (line.length <= widest || !found) return line;
    const indent = `\n${found[1] ?? ''}  `;
    let out = '';
    let column = found[0].length;
    out = line.slice(0, column);
    for (let at = column; at < line.length; at++) {
      const breaks = line[at] === ' ' && column > widest && line[at - 1] !== ' ' && line[at + 1] !== ' ' && at + 1 < line.length;
      out += breaks ? indent : line[at];
      column = breaks ? indent.length - 1 : column + 1;
    }
    return out;
  }).join('\n');
}

function ambiguous(text: string): boolean {
  if (text === '') return true;
  if (!/^[-+.\d~nNtTfFyYoO=]/.test(text)) return false;
  try {
    const value: unknown = parse(text, { version: '1.1' });
    return typeof value !== 'string' && (typeof value !== 'object' || value === null);
  } catch {
    return false;
  }
}

import { type Task, utf8Decode } from '../../kernel';
import { readTextIfAny } from '../files/view';
import { users } from '../process/users';
import type { Node } from './ast';
import { isDone } from './jobs';
import { LineEditor } from './line-editor';
import { Parser, ShellSyntaxError } from './parser';
import { parseScript } from './script';
import { Interrupted, type Shell } from './shell';
import { ShellError } from './variables';

/** A prompt with its backslashes put in: \w, \W, \u, \h, \H, \$, \n, \e, \[ and \]. */
export function expandPrompt(shell: Shell, prompt: string): string {
  const home = shell.variables.get('HOME') ?? '';
  const { cwd, uid, world, files } = shell.process;
  const short = home !== '' && home !== '/' && (cwd === home || cwd.startsWith(`${home}/`)) ? `~${cwd.slice(home.length)}` : cwd;
  const values: Record<string, () => string> = {
    w: () => short,
    W: () => (short === '/' ? '/' : short.slice(short.lastIndexOf('/') + 1)),
    u: () => users(files).find((user) => user.uid === uid)?.name ?? String(uid),
    h: () => world.hostname.split('.')[0] as string,
    H: () => world.hostname,
    $: () => (uid === 0 ? '#' : '$'),
    n: () => '\r\n',
    e: () => '\x1b',
    '[': () => '\x01',
    ']': () => '\x02',
    '\\': () => '\\',
  };
  const expanded = prompt.replace(/\\(033|.)/gs, (whole, c: string) => (c === '033' ? '\x1b' : (values[c]?.() ?? whole)));
  const parts = expanded.includes('$') && !/^\S* ?\$ ?$/.test(expanded) ? expanded.replace(/\$([A-Za-z_][A-Za-z0-9_]*)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, a?: string, b?: string) => shell.variables.get((a ?? b) as string) ?? '') : expanded;
  return parts;
}

function* startFiles(shell: Shell, login: boolean): Task {
  const paths = login ? ['/etc/profile', `${shell.variables.get('HOME') ?? ''}/.profile`] : [];
  const env = shell.variables.get('ENV');
  if (env) paths.push(env);
  for (const path of paths) {
    const text = readTextIfAny(shell.process.files, path);
    if (text === undefined) continue;
    try {
      yield* shell.runWithAliases(text, 1);
    } catch (error) {
      if (!(error instanceof ShellError) && !(error instanceof ShellSyntaxError)) throw error;
      shell.report(error);
    }
  }
}

/** A shell at a terminal: prompts, edits lines, goes on after errors. */
export function* runInteractive(shell: Shell, login: boolean): Task<number> {
  shell.becomeInteractive();
  const { terminal } = shell.process;
  if (terminal) {
    shell.options.monitor = true;
    shell.process.group = shell.process.pid;
    shell.process.session = shell.process.pid;
    terminal.foreground = shell.process.group;
  }
  yield* startFiles(shell, login);
  const editor = terminal && shell.process.fd(0).isTerminal ? new LineEditor(shell, terminal) : undefined;
  let text = '';
  for (;;) {
    reportJobs(shell);
    const prompt = expandPrompt(shell, shell.variables.get(text === '' ? 'PS1' : 'PS2') ?? '');
    const line = editor ? yield* editor.read(prompt) : yield* plainLine(shell, prompt);
    if (line === undefined) {
      if (text !== '') {
        shell.complain('syntax error: unexpected end of file');
        text = '';
        continue;
      }
      if (editor) shell.writeError('\n');
      return shell.status;
    }
    if (line === 'interrupted') {
      text = '';
      shell.status = 130;
      continue;
    }
    text += line.text;
    const nodes = parseLines(shell, text);
    if (nodes === 'more') continue;
    text = '';
    if (nodes !== 'wrong') yield* runNodes(shell, nodes);
  }
}

function parseLines(shell: Shell, text: string): Node[] | 'more' | 'wrong' {
  try {
    if (/\\\n$/.test(text)) return 'more';
    if (/<</.test(text) && !documentsEnd(text)) return 'more';
    return shell.aliases.size > 0 ? new Parser(text, 1, shell.aliases).all() : allOf(text);
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    if (error.incomplete) return 'more';
    shell.report(error);
    shell.status = 2;
    return 'wrong';
  }
}

function allOf(text: string): Node[] {
  const script = parseScript(text);
  const nodes: Node[] = [];
  for (let node = script.at(0); node; node = script.at(nodes.length)) nodes.push(node);
  return nodes;
}

/** Whether every here-document that a text begins also ends in it. */
function documentsEnd(text: string): boolean {
  const lines = text.split('\n');
  for (const match of text.matchAll(/<<-?\s*(['"\\]?)([A-Za-z_0-9!]+)\1/g)) {
    const start = text.slice(0, match.index).split('\n').length;
    if (!lines.slice(start).some((line) => line.replace(/^\t+/, '') === match[2])) return false;
  }
  return true;
}

function* runNodes(shell: Shell, nodes: readonly Node[]): Task {
  for (const node of nodes) {
    try {
      shell.status = yield* shell.evaluate(shell, node, false);
      shell.skip = undefined;
    } catch (error) {
      shell.tested = 0;
      shell.loopDepth = 0;
      shell.functionDepth = 0;
      shell.skip = undefined;
      while (shell.variables.inFunction) shell.variables.leave();
      if (error instanceof Interrupted) {
        shell.writeError('\n');
        shell.status = 130;
        return;
      }
      if (!(error instanceof ShellError) && !(error instanceof ShellSyntaxError)) throw error;
      shell.status = shell.report(error);
      return;
    }
  }
}

/** Says which background jobs have ended since the last prompt. */
function reportJobs(shell: Shell): void {
  for (const job of [...shell.jobs.jobs]) {
    if (!isDone(job)) continue;
    shell.writeError(`${shell.jobs.describe(job)}\n`);
    shell.jobs.remove(job);
  }
}

/** A line without an editor: sh -i with its input from a pipe. */
function* plainLine(shell: Shell, prompt: string): Task<{ text: string } | undefined> {
  shell.writeError(prompt);
  const bytes: number[] = [];
  for (;;) {
    const got = yield* shell.process.fd(0).read(1);
    const byte = got?.[0];
    if (byte === undefined) return bytes.length > 0 ? { text: utf8Decode(Uint8Array.from(bytes)) } : undefined;
    bytes.push(byte);
    if (byte === 10) return { text: utf8Decode(Uint8Array.from(bytes)) };
  }
}

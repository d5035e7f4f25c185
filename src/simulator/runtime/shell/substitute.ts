import { concatBytes, type Task, utf8Decode } from '../../kernel';
import { SystemError } from '../interface';
import { SinkHandle } from '../process/handle';
import { Output } from '../process/program';
import { openPipe } from '../process/pipe';
import type { Node } from './ast';
import { builtins } from './registry';
import { readsFile } from './expand';
import type { Shell } from './shell';

const trimNewlines = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 10) end -= 1;
  return text.slice(0, end).replace(/\0/g, '');
};

/** The output of $( … ), without the newlines at its end. */
export function* captureCommand(shell: Shell, script: readonly Node[]): Task<string> {
  if (script.length === 0) return '';
  const quick = instantly(shell, script);
  if (quick !== undefined) return trimNewlines(quick);
  const child = shell.fork();
  const { reader, writer } = openPipe();
  child.process.setFd(1, writer);
  child.options.errexit = false; // ash does not pass -e on to substitutions
  child.run(runAll(child, readsFile(script) ? [catOf(script)] : script));
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const bytes = yield* reader.read();
      if (bytes === undefined) break;
      chunks.push(bytes);
      length += bytes.length;
      if (length > 1_048_576) shell.process.setMemory(400_000 + length);
    }
  } finally {
    reader.close();
  }
  shell.substituted = yield* child.process.wait();
  shell.status = shell.substituted;
  return trimNewlines(utf8Decode(concatBytes(chunks)));
}

/** $(<file) reads the file. */
function catOf(script: readonly Node[]): Node {
  const [node] = script;
  return node?.type === 'simple' ? { ...node, words: [{ parts: [], constant: 'cat', runs: false }], constant: ['cat'] } : (node as Node);
}

function* runAll(shell: Shell, script: readonly Node[]): Task<number> {
  for (const [index, node] of script.entries()) {
    shell.status = yield* shell.evaluate(shell, node, index === script.length - 1);
    if (shell.skip) break;
  }
  return shell.status;
}

/** The output of a single instant command that changes nothing in the shell; undefined when it is not that simple. */
function instantly(shell: Shell, script: readonly Node[]): string | undefined {
  const [node] = script;
  if (script.length !== 1 || node?.type !== 'simple' || node.redirects.length > 0 || node.assignments.length > 0 || shell.options.xtrace) return undefined;
  if (node.words.some((word) => word.runs)) return undefined;
  const name = node.words[0]?.constant;
  if (name === undefined || shell.functions.has(name)) return undefined;
  const builtin = builtins.get(name);
  let out = '';
  const output = new Output();
  if (builtin) {
    if (!builtin.pure || !builtin.run) return undefined;
    const argv: string[] = [];
    for (const word of node.words) shell.expander.fields(word, argv);
    shell.status = shell.substituted = builtin.run(shell, argv, output);
  } else {
    try {
      const found = shell.find([name]);
      if (!found.program.instant || found.argv.length !== 1) return undefined;
      const argv: string[] = [];
      for (const word of node.words) shell.expander.fields(word, argv);
      const stdout = shell.process.fds[1];
      shell.process.fds[1] = new SinkHandle('pipe:[0]', () => undefined);
      try {
        shell.status = shell.substituted = found.program.instant(shell.process.system.as(argv, shell.variables.exported()), output);
      } finally {
        shell.process.fds[1] = stdout;
      }
    } catch (error) {
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  }
  shell.process.charge(400);
  for (const piece of output.pieces) {
    if (piece.fd === 2) shell.writeError(piece.text as string);
    else out += typeof piece.text === 'string' ? piece.text : utf8Decode(piece.text);
  }
  return out;
}

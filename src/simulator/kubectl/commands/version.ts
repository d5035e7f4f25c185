import type { Task } from '../../kernel';
import type { Command, Context } from '../command';
import { CommandError } from '../errors';
import { textAt, type Fields } from '../fields';
import { flag } from '../flags';
import { indentedJson } from '../print/json';
import { toYaml } from '../print/yaml';
import { ConnectionError } from '../host';

const clientVersion: Fields = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.3',
  gitCommit: '0f29094e5b73085e3802ecc1298ecae13866bfe6',
  gitTreeState: 'clean',
  buildDate: '2026-07-22T18:10:35Z',
  goVersion: 'go1.26.5',
  compiler: 'gc',
  platform: 'linux/amd64',
};
const kustomizeVersion = 'v5.8.1';

function* serverVersion({ session }: Context): Task<Fields> {
  const response = yield* session.rest.request('GET', '/version');
  if (response.body !== undefined) return response.body as Fields;
  return JSON.parse(response.text ?? '{}') as Fields;
}

/** kubectl version */
export const version: Command = {
  name: 'version',
  short: 'Print the client and server version information',
  flags: [flag('--client=false', "Only the client's."), flag("-o, --output=''", 'yaml or json.')],
  *run(context) {
    const { args, flags, out } = context;
    const format = flags.string('output');
    if (args.length > 0) throw new CommandError(`extra arguments: [${args.join(' ')}]`);
    if (!['', 'yaml', 'json'].includes(format)) throw new CommandError("--output must be 'yaml' or 'json'");
    let server: Fields | undefined;
    let failure: unknown;
    if (!flags.bool('client')) {
      try {
        server = yield* serverVersion(context);
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        failure = error;
      }
    }
    const all = { clientVersion, kustomizeVersion, ...(server && { serverVersion: server }) };
    if (format === 'yaml') out(`${toYaml(all)}\n`);
    else if (format === 'json') out(`${indentedJson(all, '  ', false)}\n`);
    else {
      out(`Client Version: ${textAt(clientVersion, 'gitVersion')}\nKustomize Version: ${kustomizeVersion}\n`);
      if (server) out(`Server Version: ${textAt(server, 'gitVersion')}\n`);
    }
    if (failure !== undefined) throw failure;
  },
};

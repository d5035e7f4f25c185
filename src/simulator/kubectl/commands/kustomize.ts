import type { Command } from '../command';
import { CommandError } from '../errors';
import { flag } from '../flags';
import { buildKustomization } from '../kustomize';
import { toYaml } from '../print/yaml';

/** kubectl kustomize */
export const kustomize: Command = {
  name: 'kustomize',
  short: 'Build a kustomization target from a directory or URL',
  use: 'DIR [flags]',
  flags: [flag('--enable-helm=false', 'Use helm.'), flag("--load-restrictor='LoadRestrictionsRootOnly'", 'Which files may be read.'), flag("-o, --output=''", 'File to write to.')],
  *run({ args, flags, out, session }) {
    if (args.length > 1) throw new CommandError('specify one path to kustomization.yaml');
    const text = buildKustomization(session.host.files, args[0] ?? '.').map((object) => toYaml(object)).join('---\n');
    if (flags.string('output') === '') out(text);
    else session.host.files.write(flags.string('output'), text);
  },
};

import { formatTime } from '../../kernel';
import { resourcePath } from '../api/mapper';
import type { Command } from '../command';
import { CommandError, throwAll } from '../errors';
import { listAt, textAt, withAt } from '../fields';
import { fileFlags, flag, printFlags } from '../flags';
import { resultPrinter } from '../print/printer';
import { gatherInfos, hasFiles } from '../resources/builder';

const decision = (name: 'approve' | 'deny', type: 'Approved' | 'Denied', opposite: string, word: string): Command => ({
  name,
  short: `${name === 'approve' ? 'Approve' : 'Deny'} a certificate signing request`,
  use: '(-f FILENAME | NAME)',
  flags: [...fileFlags('to decide on'), flag('--force=false', 'Decide again.'), ...printFlags()],
  *run(context) {
    const { args, flags, session } = context;
    if (args.length === 0 && !hasFiles(context)) throw new CommandError('one or more CSRs must be specified as <name> or -f <filename>');
    const print = resultPrinter(context, word);
    const { errors, infos } = yield* gatherInfos(context, args.length > 0 ? { args: ['certificatesigningrequests', ...args] } : {});
    throwAll(errors);
    for (const info of infos) {
      const conditions = listAt(info.object, 'status', 'conditions');
      if (conditions.some((one) => one['type'] === opposite)) throw new CommandError(`certificate signing request ${JSON.stringify(info.name)} is already ${opposite}`);
      if (conditions.some((one) => one['type'] === type) && !flags.bool('force')) {
        print(info.object);
        continue;
      }
      const now = formatTime(session.host.now());
      const condition = { type, status: 'True', reason: `Kubectl${name === 'approve' ? 'Approve' : 'Deny'}`, message: `This CSR was ${name === 'approve' ? 'approved' : 'denied'} by kubectl certificate ${name}.`, lastUpdateTime: now };
      const others = conditions.filter((one) => textAt(one, 'type') !== type);
      const body = withAt(info.object, ['status', 'conditions'], [...others, condition]);
      print({ apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', ...(yield* session.rest.object('PUT', resourcePath(info.mapping, undefined, info.name, 'approval'), { body })) });
    }
  },
});

/** kubectl certificate */
export const certificate: Command = {
  name: 'certificate',
  short: 'Modify certificate resources',
  use: 'SUBCOMMAND',
  bareHelpOnStderr: true,
  commands: [decision('approve', 'Approved', 'Denied', 'approved'), decision('deny', 'Denied', 'Approved', 'denied')],
};

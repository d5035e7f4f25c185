import { StatusError } from '../../../api';
import { resourcePath } from '../../api/mapper';
import type { Command } from '../../command';
import { CommandError } from '../../errors';
import { textAt } from '../../fields';
import { flag, printFlags } from '../../flags';
import { outputFormat, structuredPrinter, unknownFormat } from '../../print/printer';
import { asTyped } from '../../print/typed';
import { onlyName } from './generator';

const boundKinds: Readonly<Record<string, string>> = { Pod: 'v1', Secret: 'v1', Node: 'v1' };

/** kubectl create token */
export const token: Command = {
  name: 'token',
  short: 'Request a service account token',
  use: 'SERVICE_ACCOUNT_NAME',
  flags: [
    flag('--audience=[]', 'Who the token is for; may be repeated.', { kind: 'list' }),
    flag("--bound-object-kind=''", 'Kind of the object that the token lives and dies with: Pod, Secret, Node.'),
    flag("--bound-object-name=''", 'Name of that object.'),
    flag("--bound-object-uid=''", 'UID of that object.'),
    flag('--duration=0s', 'How long the token shall be valid.'),
    ...printFlags(),
  ],
  *run(context) {
    const { flags, out, session } = context;
    const name = onlyName(context);
    const [kind, boundName, uid] = [flags.string('bound-object-kind'), flags.string('bound-object-name'), flags.string('bound-object-uid')];
    if (flags.number('duration') < 0) throw new CommandError('--duration must be greater than or equal to 0');
    if (kind === '') {
      if (boundName !== '') throw new CommandError('--bound-object-name can only be set if --bound-object-kind is provided');
      if (uid !== '') throw new CommandError('--bound-object-uid can only be set if --bound-object-kind is provided');
    } else {
      if (!(kind in boundKinds)) throw new CommandError(`supported --bound-object-kind values are ${Object.keys(boundKinds).sort().join(', ')}`);
      if (boundName === '') throw new CommandError('--bound-object-name is required if --bound-object-kind is provided');
    }
    const format = outputFormat(flags);
    const printer = format === '' ? undefined : structuredPrinter(context, format);
    if (format !== '' && !printer) throw unknownFormat(format);
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: flags.list('audience').length === 0 ? null : flags.list('audience'),
        ...(flags.number('duration') > 0 && { expirationSeconds: flags.number('duration') }),
        ...(kind !== '' && { boundObjectRef: { kind, apiVersion: boundKinds[kind], name: boundName, ...(uid !== '' && { uid }) } }),
      },
    };
    try {
      const answer = yield* session.rest.object('POST', resourcePath({ group: '', version: 'v1', resource: 'serviceaccounts', namespaced: true }, session.namespace, name, 'token'), { body });
      const received = textAt(answer, 'status', 'token');
      if (received === '') throw new CommandError('failed to create token: no token in server response');
      if (printer) printer(asTyped(answer));
      else out(session.host.stdout.isTerminal ? `${received}\n` : received);
    } catch (error) {
      if (error instanceof StatusError) throw new CommandError(`failed to create token: ${error.message}`);
      throw error;
    }
  },
};

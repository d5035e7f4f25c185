import { isStatus, StatusError } from '../../../api';
import type { Task } from '../../../kernel';
import { resourcePath } from '../../api/mapper';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import { dryRunOf } from '../../print/printer';
import { queryText } from '../../api/rest';
import { withType, type Info } from '../../resources/builder';
import { fieldValidation } from '../../resources/write';
import type { Applied } from './client-side';

const advice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

/** The field manager of server-side apply. */
export const applyManager = ({ flags }: Context): string => (flags.changed('field-manager') ? flags.string('field-manager') : 'kubectl');

/** kubectl apply --server-side of one object. */
export function* applyServerSide(context: Context, info: Info): Task<Applied> {
  const { flags, session } = context;
  const query = queryText({
    dryRun: dryRunOf(flags) === 'server' ? 'All' : undefined,
    fieldManager: applyManager(context),
    fieldValidation: flags.has('validate') ? fieldValidation(context) : undefined,
    force: flags.bool('force-conflicts') ? 'true' : 'false',
  });
  try {
    const url = `${resourcePath(info.mapping, info.namespace, info.name, flags.has('subresource') ? flags.string('subresource') : '')}${query}`;
    const object = yield* session.rest.object('PATCH', url, { body: info.object, contentType: 'application/apply-patch+yaml' });
    return { object: withType(object, info.mapping), operation: 'serverside-applied' };
  } catch (error) {
    if (isStatus(error, 'Conflict') && error instanceof StatusError && /^Apply failed with/.test(error.message)) throw new CommandError(`${error.message}\n${advice}`);
    throw error;
  }
}

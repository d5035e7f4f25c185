import type { ContainerStatus, Pod } from '../../../../api';
import { type Errors, type FieldError, type Path } from '../../../field';
import { sameValue } from '../../equality';
import { collect, specPath, statusPath } from '../../strategy';

/** A container that ended stays ended unless its policy restarts it. */
function checkNoRevival(now: readonly ContainerStatus[], before: readonly ContainerStatus[], restartPolicy: string, path: Path, errors: Errors): void {
  if (restartPolicy === 'Always') return;
  for (const old of before) {
    const ended = old.state?.terminated;
    if (!ended || (ended.exitCode !== 0 && restartPolicy === 'OnFailure')) continue;
    for (const [index, own] of now.entries()) {
      if (own.name === old.name && !own.state?.terminated) errors.forbidden(path.index(index).child('state'), 'may not be transitioned to non-terminated state');
    }
  }
}

/** Checks an update of a Pod's status. */
export function validatePodStatus(pod: Pod, old: Pod): FieldError[] {
  return collect((errors) => {
    const status = pod.status ?? {};
    const before = old.status ?? {};
    if (!sameValue(pod.spec?.nodeName, old.spec?.nodeName)) errors.forbidden(specPath.child('nodeName'), 'may not be changed directly');
    const policy = pod.spec?.restartPolicy ?? 'Always';
    checkNoRevival(status.containerStatuses ?? [], before.containerStatuses ?? [], policy, statusPath.child('containerStatuses'), errors);
    if ((status.qosClass ?? '') !== (before.qosClass ?? '') && (before.qosClass ?? '') !== '') errors.invalid(statusPath.child('qosClass'), status.qosClass ?? '', 'field is immutable');
  });
}

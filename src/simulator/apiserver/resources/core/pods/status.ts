import type { ContainerStatus, Pod, PodStatus } from '../../../../api';
import { type Errors, type FieldError, type Path } from '../../../field';
import { sameValue } from '../../equality';
import { checkIp } from '../../pod-spec';
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

function checkAddresses({ podIPs = [], hostIP = '', hostIPs = [] }: PodStatus, errors: Errors): void {
  for (const [list, addresses] of [['podIPs', podIPs], ['hostIPs', hostIPs]] as const) {
    const path = statusPath.child(list);
    if (list === 'hostIPs' && addresses.length > 0 && addresses[0]?.ip !== hostIP) errors.invalid(path.index(0).child('ip'), addresses[0]?.ip, 'must be equal to `hostIP`');
    for (const [index, { ip }] of addresses.entries()) checkIp(ip, path.index(index), errors);
  }
}

/** One address and the first of many are the same; either may be written. Mutates. */
export function agreeOnAddresses(status: Record<string, unknown>): void {
  const list = (status['podIPs'] ?? []) as readonly { readonly ip: string }[];
  const one = (status['podIP'] ?? '') as string;
  if (list.length > 0) status['podIP'] = list[0]?.ip;
  else if (one !== '') status['podIPs'] = [{ ip: one }];
}

/** Checks an update of a Pod's status. */
export function validatePodStatus(pod: Pod, old: Pod): FieldError[] {
  return collect((errors) => {
    const status = pod.status ?? {};
    const before = old.status ?? {};
    if (!sameValue(pod.spec?.nodeName, old.spec?.nodeName)) errors.forbidden(specPath.child('nodeName'), 'may not be changed directly');
    const policy = pod.spec?.restartPolicy ?? 'Always';
    checkNoRevival(status.containerStatuses ?? [], before.containerStatuses ?? [], policy, statusPath.child('containerStatuses'), errors);
    checkAddresses(status, errors);
    if ((status.qosClass ?? '') !== (before.qosClass ?? '') && (before.qosClass ?? '') !== '') errors.invalid(statusPath.child('qosClass'), status.qosClass ?? '', 'field is immutable');
  });
}

import { type ContainerPort, isValidPortName } from '../../../api';
import { type Errors, type Path, portNumberReasons } from '../../field';
import { checkOneOf, type PodScope } from './scope';

const protocols = ['SCTP', 'TCP', 'UDP'];

/** Checks one container's ports. */
export function checkPorts(ports: readonly ContainerPort[], path: Path, { spec, errors }: PodScope): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = path.index(index);
    if (port.name !== undefined && port.name !== '') checkPortName(port.name, names, at, errors);
    if (port.containerPort === 0) errors.required(at.child('containerPort'));
    else errors.invalidEach(at.child('containerPort'), port.containerPort, portNumberReasons(port.containerPort));
    const hostPort = port.hostPort ?? 0;
    if (hostPort !== 0) {
      const reasons = portNumberReasons(hostPort);
      errors.invalidEach(at.child('hostPort'), hostPort, reasons);
      if (reasons.length === 0 && spec.hostNetwork && hostPort !== port.containerPort) {
        errors.invalid(at.child('hostPort'), hostPort, 'must match `containerPort` when `hostNetwork` is true');
      }
    }
    const protocol = port.protocol ?? '';
    if (protocol === '') errors.required(at.child('protocol'));
    else checkOneOf(protocol, protocols, at.child('protocol'), errors);
  }
}

function checkPortName(name: string, names: Set<string>, path: Path, errors: Errors): void {
  const reasons = isValidPortName(name);
  if (reasons.length > 0) errors.invalidEach(path.child('name'), name, reasons);
  else if (names.has(name)) errors.duplicate(path.child('name'), name);
  else names.add(name);
}

interface PortHolder {
  readonly ports?: readonly ContainerPort[];
}

/** Checks that no two containers of a Pod take one port of its node. */
export function checkHostPorts(containers: readonly PortHolder[], path: Path, errors: Errors): void {
  let taken: Set<string> | undefined;
  for (const [index, { ports = [] }] of containers.entries()) {
    for (const [portIndex, { hostPort = 0, hostIP = '', protocol = 'TCP' }] of ports.entries()) {
      if (hostPort === 0) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken?.has(key)) errors.duplicate(path.index(index).child('ports').index(portIndex).child('hostPort'), key);
      else (taken ??= new Set()).add(key);
    }
  }
}

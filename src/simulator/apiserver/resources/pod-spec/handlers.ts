import { type HTTPGetAction, isHttpHeaderName, isValidPortName, type Lifecycle, type LifecycleHandler, type Probe } from '../../../api';
import { type Errors, nonNegativeReasons, type Path, portNumberReasons } from '../../field';
import { checkOneOf, type PodScope } from './scope';

/** Checks a port given by number or name. */
export function checkPortReference(port: number | string, path: Path, errors: Errors): void {
  errors.invalidEach(path, port, typeof port === 'number' ? portNumberReasons(port) : isValidPortName(port));
}

const schemes = ['HTTP', 'HTTPS'];

function checkHttpGet({ path: target = '', port, scheme, httpHeaders = [] }: HTTPGetAction, path: Path, errors: Errors): void {
  if (target === '') errors.required(path.child('path'));
  checkPortReference(port, path.child('port'), errors);
  checkOneOf(scheme ?? '', schemes, path.child('scheme'), errors);
  for (const { name } of httpHeaders) errors.invalidEach(path.child('httpHeaders'), name, isHttpHeaderName(name));
}

type Handler = LifecycleHandler & Pick<Probe, 'grpc'>;

function checkHandler({ exec, httpGet, tcpSocket, grpc, sleep }: Handler, path: Path, { spec, errors }: PodScope): void {
  let count = 0;
  const isOnly = (name: string): boolean => {
    count += 1;
    if (count > 1) errors.forbidden(path.child(name), 'may not specify more than 1 handler type');
    return count === 1;
  };
  if (exec && isOnly('exec') && (exec.command ?? []).length === 0) errors.required(path.child('exec').child('command'));
  if (httpGet && isOnly('httpGet')) checkHttpGet(httpGet, path.child('httpGet'), errors);
  if (tcpSocket && isOnly('tcpSocket')) checkPortReference(tcpSocket.port, path.child('tcpSocket').child('port'), errors);
  if (grpc && isOnly('grpc')) checkPortReference(grpc.port, path.child('grpc').child('port'), errors);
  if (sleep && isOnly('sleep')) {
    const grace = spec.terminationGracePeriodSeconds ?? 30;
    if (sleep.seconds < 0 || sleep.seconds > grace) errors.invalid(path.child('sleep'), sleep.seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`);
  }
  if (count === 0) errors.required(path, 'must specify a handler type');
}

/** Checks a container's hooks. */
export function checkLifecycle({ postStart, preStop }: Lifecycle, path: Path, scope: PodScope): void {
  if (postStart) checkHandler(postStart, path.child('postStart'), scope);
  if (preStop) checkHandler(preStop, path.child('preStop'), scope);

}

/** Checks what all probes have in common. */
function checkProbe(probe: Probe, path: Path, scope: PodScope): void {
  const { errors } = scope;
  checkHandler(probe, path, scope);
  const numbers = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;
  for (const name of numbers) {
    const value = probe[name] ?? 0;
    if (value < 0) errors.invalidEach(path.child(name), value, nonNegativeReasons(value));
  }
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) errors.invalid(path.child('terminationGracePeriodSeconds'), grace, 'must be greater than 0');
}

/** Checks a liveness or startup probe, which one success must satisfy. */
export function checkRestartingProbe(probe: Probe | undefined, path: Path, scope: PodScope): void {
  if (!probe) return;
  checkProbe(probe, path, scope);
  if (probe.successThreshold !== 1) scope.errors.invalid(path.child('successThreshold'), probe.successThreshold ?? 0, 'must be 1');
}

/** Checks a readiness probe. */
export function checkReadinessProbe(probe: Probe | undefined, path: Path, scope: PodScope): void {
  if (!probe) return;
  checkProbe(probe, path, scope);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined) scope.errors.invalid(path.child('terminationGracePeriodSeconds'), grace, 'must not be set for readinessProbes');
}

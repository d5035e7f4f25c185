import { fieldsAt, numberAt, textAt, textsAt, type Fields } from '../fields';

/** A probe on one line: `http-get http://:80/ delay=0s timeout=1s period=10s #success=1 #failure=3`. */
export function probeText(probe: Fields): string {
  const attributes = `delay=${numberAt(probe, 'initialDelaySeconds')}s timeout=${numberAt(probe, 'timeoutSeconds')}s period=${numberAt(probe, 'periodSeconds')}s #success=${numberAt(probe, 'successThreshold')} #failure=${numberAt(probe, 'failureThreshold')}`;
  return `${handlerText(probe)} ${attributes}`;
}

function handlerText(probe: Fields): string {
  const exec = fieldsAt(probe, 'exec');
  if (exec) return `exec [${textsAt(exec, 'command').join(' ')}]`;
  const http = fieldsAt(probe, 'httpGet');
  if (http) {
    const path = textAt(http, 'path');
    return `http-get ${textAt(http, 'scheme').toLowerCase()}://${textAt(http, 'host')}:${textAt(http, 'port')}${path === '' || path.startsWith('/') ? path : `/${path}`}`;
  }
  const tcp = fieldsAt(probe, 'tcpSocket');
  if (tcp) return `tcp-socket ${textAt(tcp, 'host')}:${textAt(tcp, 'port')}`;
  const grpc = fieldsAt(probe, 'grpc');
  if (grpc) return `grpc <pod>:${textAt(grpc, 'port')} ${textAt(grpc, 'service')}`;
  return 'unknown';
}

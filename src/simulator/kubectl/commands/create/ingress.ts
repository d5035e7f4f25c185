import { CommandError } from '../../errors';
import type { Fields } from '../../fields';
import { flag } from '../../flags';
import { named, type Generator } from './generator';

function backend(service: string, port: string): Fields {
  return { service: { name: service, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

interface Rule {
  readonly host: string;
  readonly path: Fields;
  /** undefined: no TLS; '' without a secret. */
  readonly tls: string | undefined;
}

const ruleForm = /^((\*\.)?[^/]*?)(\/[^=]*)=([^:]+):([^,]+)(?:(,tls)(?:=([^,]+))?|,.*)?$/;

function parseRule(text: string): Rule {
  const match = ruleForm.exec(text);
  if (!match) throw new CommandError(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  const [, host = '', , path = '', service = '', port = '', tls, secret] = match;
  const prefix = path.endsWith('*');
  return { host, path: { backend: backend(service, port), path: prefix ? path.slice(0, -1) : path, pathType: prefix ? 'Prefix' : 'Exact' }, tls: tls === undefined ? undefined : (secret ?? '') };
}

function tlsOf(rules: readonly Rule[]): Fields[] {
  const bySecret = new Map<string, Set<string>>();
  for (const { host, tls } of rules) {
    if (tls === undefined) continue;
    const hosts = bySecret.get(tls) ?? new Set<string>();
    if (host !== '') hosts.add(host);
    bySecret.set(tls, hosts);
  }
  return [...bySecret].map(([secretName, hosts]) => ({ ...(hosts.size > 0 && { hosts: [...hosts] }), ...(secretName !== '' && { secretName }) }));
}

/** kubectl create ingress */
export const ingress: Generator = {
  name: 'ingress',
  aliases: ['ing'],
  use: 'NAME --rule=host/path=service:port[,tls[=secret]] ',
  short: 'Create an ingress with the specified name',
  flags: [
    flag('--annotation=[]', 'Annotation key=value; may be repeated.', { kind: 'list' }),
    flag("--class=''", 'Ingress class.'),
    flag("--default-backend=''", 'Service for everything else: name:port.'),
    flag('--rule=[]', 'host/path=service:port[,tls[=secret]]; a path that ends with * is a prefix.', { kind: 'list' }),
  ],
  place: { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses', kind: 'Ingress', namespaced: true },
  failure: 'failed to create ingress: ',
  *make({ flags }, name) {
    const fallback = flags.string('default-backend');
    if (flags.list('rule').length === 0 && fallback === '') throw new CommandError('not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)');
    const rules = flags.list('rule').map(parseRule);
    const [service = '', port = '', extra] = fallback.split(':');
    if (fallback !== '' && (port === '' || extra !== undefined)) throw new CommandError('default-backend should be in format servicename:serviceport');
    const annotations = Object.fromEntries(flags.list('annotation').map((text) => {
      const equals = text.indexOf('=');
      if (equals < 0) throw new CommandError(`annotation ${text} is invalid and should be in format key=[value]`);
      return [text.slice(0, equals), text.slice(equals + 1)];
    }));
    const hosts = [...new Set(rules.map(({ host }) => host))];
    const tls = tlsOf(rules);
    const object = named('networking.k8s.io/v1', 'Ingress', name);
    return {
      ...object,
      metadata: { name, ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec: {
        ...(flags.string('class') !== '' && { ingressClassName: flags.string('class') }),
        ...(fallback !== '' && { defaultBackend: backend(service, port) }),
        ...(rules.length > 0 && { rules: hosts.map((host) => ({ ...(host !== '' && { host }), http: { paths: rules.filter((rule) => rule.host === host).map(({ path }) => path) } })) }),
        ...(tls.length > 0 && { tls }),
      },
      status: { loadBalancer: {} },
    };
  },
};

import type { Credentials } from '../../api';
import { CommandError } from '../errors';
import { textAt, type Fields } from '../fields';
import type { ParsedFlags } from '../flags';
import type { ConnectionTarget } from '../host';
import type { Kubeconfig } from './load';

/** What a command works with: where, as whom, in which namespace. */
export interface Selection {
  readonly target: ConnectionTarget;
  /** The context's namespace or --namespace, else `default`. */
  readonly namespace: string;
  /** --namespace was given. */
  readonly namespaceGiven: boolean;
  /** Nothing says which server: kubectl falls back on localhost:8080. */
  readonly isDefaultServer: boolean;
}

const find = (stanzas: Kubeconfig['clusters'], name: string): Fields | undefined => stanzas.find((stanza) => stanza.name === name)?.value;

function credentialsOf(user: Fields, flags: ParsedFlags): Credentials | undefined {
  const token = flags.string('token') || textAt(user, 'token');
  return token === '' ? undefined : { token };
}

/** Applies --context, --cluster, --user, --server, --token and --namespace to the configuration. */
export function selectTarget(config: Kubeconfig, flags: ParsedFlags): Selection {
  const contextName = flags.string('context') || config.currentContext;
  const context = find(config.contexts, contextName);
  if (flags.changed('context') && !context) throw new CommandError(`context ${JSON.stringify(contextName)} does not exist`);
  if (contextName !== '' && !context && config.contexts.length > 0) throw new CommandError(`context was not found for specified context: ${contextName}`);
  const clusterName = flags.string('cluster') || textAt(context, 'cluster');
  const cluster = find(config.clusters, clusterName);
  if (flags.changed('cluster') && !cluster) throw new CommandError(`cluster ${JSON.stringify(clusterName)} does not exist`);
  const userName = flags.string('user') || textAt(context, 'user');
  const user = find(config.users, userName);
  if (flags.changed('user') && !user) throw new CommandError(`auth info ${JSON.stringify(userName)} does not exist`);
  const server = flags.string('server') || textAt(cluster, 'server');
  const namespaceGiven = flags.changed('namespace') && flags.string('namespace') !== '';
  return {
    target: { server: server === '' ? 'http://localhost:8080' : server, credentials: credentialsOf(user ?? {}, flags), user: user ?? {}, cluster: cluster ?? {} },
    namespace: flags.string('namespace') || textAt(context, 'namespace') || 'default',
    namespaceGiven,
    isDefaultServer: server === '',
  };
}

import type { Client } from '../client';
import type { Kernel, Task } from '../kernel';
import { CorefileError, type Directive, type ServerBlock } from './corefile';
import type { Handler, Query, Reply, ServerContext } from './plugin';
import { cachePlugin } from './plugins/cache';
import { forwardPlugin } from './plugins/forward';
import { kubernetesOptions, kubernetesPlugin } from './plugins/kubernetes';
import { loopPlugin } from './plugins/loop';
import { hostsPlugin, loadbalancePlugin, logPlugin, rewritePlugin, templatePlugin } from './plugins/small';
import { followCluster, type ZoneData } from './plugins/zone';

/** What the plugins of all server blocks are made with. */
export interface ChainInput {
  readonly kernel: Kernel;
  readonly client: () => Client;
  readonly halt: () => void;
  /** Told of each kubernetes plugin, for readiness. */
  readonly follows: (data: ZoneData) => void;
  /** Told of each loop plugin's name, which is asked once the server runs. */
  readonly probes: (name: string) => void;
}

/** Directives that change nothing about an answer here. */
const silent = ['errors', 'health', 'ready', 'reload', 'prometheus', 'bind', 'log', 'loop', 'loadbalance', 'debug', 'metadata', 'cancel', 'bufsize', 'minimal', 'whoami', 'trace', 'pprof', 'acl', 'any', 'chaos', 'header', 'nsid', 'import', 'multisocket', 'timeouts', 'tls', 'root', 'autopath', 'dnssec', 'file', 'auto', 'secondary', 'transfer', 'local', 'view'];
const answering = ['cache', 'rewrite', 'template', 'hosts', 'kubernetes', 'forward'];

/** Puts a block's plugins into CoreDNS's order, whatever the order in the file. Throws CorefileError. */
export function buildChain(block: ServerBlock, context: ServerContext, input: ChainInput, file: string): (query: Query) => Task<Reply | undefined> {
  for (const { name, line } of block.directives) if (!silent.includes(name) && !answering.includes(name)) throw new CorefileError(`${file}:${line} - Error during parsing: Unknown directive '${name}'`);
  const all = (name: string): readonly Directive[] => block.directives.filter((directive) => directive.name === name);
  const handlers: Handler[] = [];
  if (all('log').length > 0) handlers.push(logPlugin(context));
  if (all('loadbalance').length > 0) handlers.push(loadbalancePlugin(context));
  for (const directive of all('cache')) handlers.push(cachePlugin(directive, context));
  if (all('rewrite').length > 0) handlers.push(rewritePlugin(all('rewrite')));
  for (const directive of all('template')) handlers.push(templatePlugin(directive, context));
  for (const directive of all('hosts')) handlers.push(hostsPlugin(directive, context));
  for (const directive of all('kubernetes')) {
    const options = kubernetesOptions(directive, context.zones);
    const data = followCluster(input.kernel, input.client(), { podNames: options.podNames, verifyPods: options.pods === 'verified', ...(options.labels !== undefined && { labelSelector: options.labels }) });
    input.follows(data);
    handlers.push(kubernetesPlugin(options, data, context));
  }
  if (all('loop').length > 0) {
    const { handler, name } = loopPlugin(context, input.halt);
    handlers.push(handler);
    input.probes(`${name}${context.zones[0] ? `.${context.zones[0]}` : ''}`);
  }
  for (const directive of all('forward')) handlers.push(forwardPlugin(directive, context));
  const from = (index: number) =>
    function* (query: Query): Task<Reply | undefined> {
      const handler = handlers[index];
      return handler ? yield* handler(query, from(index + 1)) : undefined;
    };
  return from(0);
}

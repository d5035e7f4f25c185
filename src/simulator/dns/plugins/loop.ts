import type { Handler, ServerContext } from '../plugin';

/** Finds out whether this server forwards to itself: a query of its own that comes back more than twice ends the program. */
export function loopPlugin(context: ServerContext, halt: () => void): { readonly handler: Handler; readonly name: string } {
  const { random } = context.system;
  const name = `${random.uint32()}${random.uint32()}.${random.uint32()}${random.uint32()}`;
  let seen = 0;
  return {
    name,
    *handler(query, next) {
      if (query.question.type !== 'HINFO' || query.question.name !== name) return yield* next(query);
      seen += 1;
      if (seen > 2) {
        context.log(
          `[FATAL] plugin/loop: Loop (${query.remote.address}:${query.remote.port} -> :53) detected for zone "${context.zones[0] || '.'}", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO ${name}."`,
        );
        halt();
      }
      return yield* next(query);
    },
  };
}

import type { ApiHandler, ApiRequest, ApiResponse } from '../../api';
import { ConnectionError } from '../../client';
import type { Task } from '../../kernel';

/**
 * The way to an API server: open while its process runs. Requests that come while it is shut find nobody who listens.
 */
export class Gate {
  private open = false;
  private sweepAt = 1000;
  private readonly watches = new Set<{ close(): void; readonly closed: boolean }>();

  constructor(private readonly server: ApiHandler, private readonly address: string) {}

  get isOpen(): boolean {
    return this.open;
  }

  /** Shutting it ends the watches that came through. */
  setOpen(open: boolean): void {
    this.open = open;
    if (open) return;
    for (const watch of this.watches) watch.close();
    this.watches.clear();
  }

  readonly handle: ApiHandler = (request) => this.pass(request);

  private *pass(request: ApiRequest): Task<ApiResponse> {
    if (!this.open) throw new ConnectionError(`dial tcp ${this.address}: connect: connection refused`);
    const answer = yield* this.server(request);
    if (answer.events) this.remember(answer.events);
    return answer;
  }

  private remember(watch: { close(): void; readonly closed: boolean }): void {
    this.watches.add(watch);
    if (this.watches.size < this.sweepAt) return;
    for (const one of this.watches) if (one.closed) this.watches.delete(one);
    this.sweepAt = Math.max(1000, 2 * this.watches.size);
  }
}

/** The load balancer before several API servers: each request goes to the next one that is up. */
export function balanced(gates: readonly Gate[]): ApiHandler {
  const [first] = gates as readonly [Gate, ...Gate[]];
  if (gates.length === 1) return first.handle;
  let turn = 0;
  return (request) => {
    const up = gates.filter((gate) => gate.isOpen);
    return (up[turn++ % up.length] ?? first).handle(request);
  };
}

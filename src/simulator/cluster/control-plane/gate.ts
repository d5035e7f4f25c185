import type { ApiHandler, ApiRequest, ApiResponse } from '../../api';
import { ConnectionError } from '../../client';
import type { Task } from '../../kernel';

/**
 * The way to the API server: open while its process runs. Requests that come while it is shut find nobody who listens.
 */
export class Gate {
  private open = false;

  constructor(private readonly server: ApiHandler, private readonly address: string) {}

  get isOpen(): boolean {
    return this.open;
  }

  setOpen(open: boolean): void {
    this.open = open;
  }

  readonly handle: ApiHandler = (request) => this.pass(request);

  private *pass(request: ApiRequest): Task<ApiResponse> {
    if (!this.open) throw new ConnectionError(`dial tcp ${this.address}: connect: connection refused`);
    return yield* this.server(request);
  }
}

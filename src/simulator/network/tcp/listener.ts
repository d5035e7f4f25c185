import type { Task } from '../../kernel';
import type { Connection, Endpoint, Listener } from '../interface';
import type { Namespace } from '../namespace';
import type { TcpSocket } from './socket';
import { Waiters } from './waiters';

/** net.core.somaxconn. */
const largestBacklog = 4096;

/** A listening socket with its queue of connections that nobody has accepted yet. */
export class TcpListener implements Listener {
  private queue: TcpSocket[] = [];
  private readonly acceptors = new Waiters();
  private closed = false;
  private readonly backlog: number;

  constructor(private readonly namespace: Namespace, readonly local: Endpoint, backlog = largestBacklog) {
    this.backlog = Math.max(1, Math.min(backlog, largestBacklog));
  }

  get full(): boolean {
    return this.queue.length >= this.backlog;
  }

  offer(socket: TcpSocket): void {
    this.queue.push(socket);
    this.acceptors.wake();
  }

  *accept(): Task<Connection | undefined> {
    for (;;) {
      const socket = this.queue.shift();
      if (socket) return socket;
      if (this.closed) return undefined;
      yield* this.acceptors.wait();
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.namespace.forgetListener(this);
    for (const socket of this.queue) socket.reset();
    this.queue = [];
    this.acceptors.wake();
  }
}

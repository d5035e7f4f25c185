import type { Duration, Task } from '../kernel';
import type { Connection, DatagramSocket, Endpoint, IpAddress, Listener, NetworkInterface, NetworkNamespace, SocketInfo } from './interface';

/** A namespace as one process sees it: what the process opened is closed with it. */
export interface OwnedNamespace extends NetworkNamespace {
  /** Closes all sockets that were opened through this, as the end of a process does. */
  closeSockets(): void;
}

class Owned implements OwnedNamespace {
  private readonly open = new Set<{ close(): void }>();

  constructor(private readonly inner: NetworkNamespace) {}

  get name(): string {
    return this.inner.name;
  }

  get addresses(): readonly IpAddress[] {
    return this.inner.addresses;
  }

  get interfaces(): readonly NetworkInterface[] {
    return this.inner.interfaces;
  }

  get gateway(): IpAddress | undefined {
    return this.inner.gateway;
  }

  listen(at: { readonly address?: IpAddress; readonly port: number; readonly backlog?: number }): Listener {
    const listener = this.inner.listen(at);
    const { open } = this;
    const own: Listener = {
      local: listener.local,
      *accept() {
        const connection = yield* listener.accept();
        return connection && keep(open, connection);
      },
      close: () => {
        open.delete(own);
        listener.close();
      },
    };
    open.add(own);
    return own;
  }

  *connect(to: Endpoint, options?: { readonly timeout?: Duration }): Task<Connection> {
    return keep(this.open, yield* this.inner.connect(to, options));
  }

  bindDatagram(at: { readonly address?: IpAddress; readonly port: number; readonly peer?: Endpoint }): DatagramSocket {
    const socket = this.inner.bindDatagram(at);
    const own: DatagramSocket = {
      local: socket.local,
      send: (to, data) => socket.send(to, data),
      receive: () => socket.receive(),
      close: () => {
        this.open.delete(own);
        socket.close();
      },
    };
    this.open.add(own);
    return own;
  }

  ping(address: IpAddress, timeout: Duration): Task<Duration | undefined> {
    return this.inner.ping(address, timeout);
  }

  sockets(): readonly SocketInfo[] {
    return this.inner.sockets();
  }

  close(): void {
    this.inner.close();
  }

  closeSockets(): void {
    for (const socket of [...this.open]) socket.close();
    this.open.clear();
  }
}

function keep(open: Set<{ close(): void }>, connection: Connection): Connection {
  const own: Connection = {
    local: connection.local,
    remote: connection.remote,
    read: (limit) => connection.read(limit),
    write: (bytes) => connection.write(bytes),
    end: () => connection.end(),
    close: () => {
      open.delete(own);
      connection.close();
    },
    reset: () => {
      open.delete(own);
      connection.reset();
    },
  };
  open.add(own);
  return own;
}

/** The namespace for one process: give it to the process, and call `closeSockets` when it ends. */
export const ownedNamespace = (namespace: NetworkNamespace): OwnedNamespace => new Owned(namespace);

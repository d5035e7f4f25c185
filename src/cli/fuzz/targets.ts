import https from 'node:https';
import { createEdge, createLoneApiServer, type RawResponse } from '../../simulator/cluster';
import { seconds } from '../../simulator/kernel';
import { normalised } from './answers';
import type { FuzzRequest, Memory, Target } from './requests';

const headersOf = (request: FuzzRequest, token: string): Record<string, string> => ({ authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'fuzz/1', 'content-type': request.type });

/** The bytes of a body with what only this server knows. */
function bytesOf({ body }: FuzzRequest, memory: Memory): string {
  if (body === undefined) return '';
  return JSON.stringify(body).replace(/\$uid|\$resourceVersion/g, (name) => memory.get(name as '$uid') ?? name);
}

/** Learns what the placeholders stand for. */
function learn(text: string, memory: Memory): void {
  const metadata = (JSON.parse(text) as { metadata?: { uid?: string; resourceVersion?: string } }).metadata;
  if (metadata?.uid !== undefined) memory.set('$uid', metadata.uid);
  if (metadata?.resourceVersion !== undefined) memory.set('$resourceVersion', metadata.resourceVersion);
}

const takesEffect = ({ path, method }: FuzzRequest): boolean => !path.includes('dryRun=') && method !== 'DELETE';

/** A real API server, by its kubeconfig with a token. */
export class RealServer implements Target {
  private readonly agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: 8 });
  private readonly address: string;
  private readonly token: string;

  constructor(kubeconfig: string) {
    this.address = /server: ?"?([^"\s,}]+)/.exec(kubeconfig)?.[1] ?? '';
    this.token = /token: ?"?([^"\s,}]+)/.exec(kubeconfig)?.[1] ?? '';
  }

  async send(request: FuzzRequest, memory: Memory): Promise<ReturnType<typeof normalised>> {
    const bytes = Buffer.from(bytesOf(request, memory));
    const { status, warning, text } = await new Promise<{ status: number; warning: string; text: string }>((resolve, reject) => {
      const sent = https.request(new URL(request.path, this.address), { method: request.method, agent: this.agent, headers: { ...headersOf(request, this.token), 'content-length': bytes.length } }, (response) => {
        let out = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (out += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, warning: response.headers['warning'] ?? '', text: out }));
      });
      // Some requests make the real one panic: it hangs up.
      sent.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve({ status: 0, warning: '', text: '' }) : reject(error)));
      sent.end(bytes);
    });
    if (status < 300 && takesEffect(request)) learn(text, memory);
    return normalised({ status, warning, text, request });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** The simulator's API server in this process, with no controllers. */
export class SimulatedServer implements Target {
  private readonly server = createLoneApiServer({ start: Date.now() * 1000, tokens: { fuzz: { name: 'admin', uid: 'admin', groups: ['system:masters'] } } });
  private readonly edge = createEdge({ handle: this.server.handle, kernel: this.server.kernel });
  /** What the server did not survive. */
  readonly defects: { readonly request: FuzzRequest; readonly error: unknown }[] = [];

  /** Answers; with the text as it is. */
  ask(request: FuzzRequest, memory: Memory): { readonly answer: ReturnType<typeof normalised>; readonly text: string } {
    const { kernel } = this.server;
    const bytes = bytesOf(request, memory);
    const process = kernel.spawn('fuzz', this.edge({ method: request.method, url: request.path, headers: headersOf(request, 'fuzz'), ...(bytes !== '' && { body: new TextEncoder().encode(bytes) }) }), null);
    try {
      kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(60) });
      const { status, headers, body }: RawResponse = process.value;
      const text = new TextDecoder().decode(body);
      if (status < 300 && takesEffect(request)) learn(text, memory);
      return { answer: normalised({ status, warning: headers['warning'] ?? '', text, request }), text };
    } catch (error) {
      this.defects.push({ request, error });
      return { answer: { status: 0, warnings: [], body: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error) }, text: '{}' };
    }
  }

  send(request: FuzzRequest, memory: Memory): Promise<ReturnType<typeof normalised>> {
    return Promise.resolve(this.ask(request, memory).answer);
  }
}

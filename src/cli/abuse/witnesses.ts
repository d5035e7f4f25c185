import https from 'node:https';
import { pause, type Target } from './target';

const path = '/api/v1/namespaces/honest/configmaps';

interface Seen {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string; readonly resourceVersion: string } };
}

function ask(agent: https.Agent, { address, token }: Target, method: string, url: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
  const bytes = body && JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = https.request(address + url, { method, agent, headers: { authorization: `Bearer ${token}`, ...(bytes && { 'content-type': 'application/json' }) } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}

/** A client that changes objects one after the other, and others that watch them: what they see must be what it did. */
export class Witnesses {
  readonly complaints: string[] = [];
  private readonly done: string[] = [];
  private readonly seen: string[][] = [];
  private readonly agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  private readonly watching = new https.Agent({ rejectUnauthorized: false });

  constructor(private readonly target: Target) {}

  /** How many changes were made. */
  get changes(): number {
    return this.done.length;
  }

  /** Opens the watches. */
  async begin(watchers: number): Promise<void> {
    const { text } = await ask(this.agent, this.target, 'GET', path);
    const { resourceVersion } = (JSON.parse(text) as { metadata: { resourceVersion: string } }).metadata;
    for (let number = 0; number < watchers; number++) {
      this.seen.push([]);
      this.watch(number, resourceVersion);
    }
  }

  /** Changes objects until a time of the wall. */
  async work(until: number): Promise<void> {
    for (let number = 0; Date.now() < until; number++) {
      await this.change('ADDED', 'POST', path, { metadata: { name: `o-${number}` } }, 201);
      await this.change('MODIFIED', 'PUT', `${path}/o-${number}`, { metadata: { name: `o-${number}` }, data: { n: String(number) } }, 200);
      if (number >= 20) await this.change('DELETED', 'DELETE', `${path}/o-${number - 20}`, undefined, 200);
      await pause(20);
    }
  }

  /** Waits for what is under way, and says what is wrong. */
  async end(): Promise<readonly string[]> {
    for (let wait = 0; wait < 100 && this.seen.some((one) => one.length < this.done.length); wait++) await pause(100);
    for (const [number, seen] of this.seen.entries()) {
      const at = this.done.findIndex((change, index) => seen[index] !== change);
      if (at >= 0) this.complaints.push(`watcher ${number}: change ${at} was ${this.done[at]}, it saw ${seen[at] ?? 'nothing'} (${seen.length} of ${this.done.length})`);
      else if (seen.length > this.done.length) this.complaints.push(`watcher ${number}: it saw ${seen[this.done.length]}, which did not happen`);
    }
    this.agent.destroy();
    this.watching.destroy();
    return this.complaints;
  }

  private async change(type: string, method: string, url: string, body: object | undefined, expected: number): Promise<void> {
    const { status, text } = await ask(this.agent, this.target, method, url, body);
    if (status === expected) this.done.push(`${type} ${url === path ? (body as { metadata: { name: string } }).metadata.name : url.slice(path.length + 1)}`);
    else this.complaints.push(`${method} ${url}: ${status} ${text.slice(0, 200)}`);
  }

  /** Watches on, from the last event that was seen, whenever the server ends a watch as it does after a while. */
  private watch(number: number, from: string): void {
    let last = from;
    let rest = '';
    const { address, token } = this.target;
    https.get(`${address}${path}?watch=1&resourceVersion=${from}`, { agent: this.watching, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const { type, object } = JSON.parse(line) as Seen;
          if (type === 'ERROR') return void this.complaints.push(`watcher ${number}: ${line.slice(0, 200)}`);
          this.seen[number]?.push(`${type} ${object.metadata.name}`);
          last = object.metadata.resourceVersion;
        }
      });
      response.on('end', () => this.watch(number, last));
      response.on('error', () => undefined); // the end of the run
    }).on('error', () => undefined);
  }
}

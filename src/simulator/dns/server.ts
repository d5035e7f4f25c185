import type { Client } from '../client';
import { concatBytes, type Kernel, seconds, type Task, within } from '../kernel';
import { ByteReader, type Connection, decodeMessage, type DnsMessage, encodeMessage, type Endpoint, HttpError, NetworkError, typeNumber } from '../network';
import type { System } from '../runtime';
import { buildChain } from './chain';
import { parseCorefile, type ServerBlock } from './corefile';
import { Metrics } from './metrics';
import { isWithin, type Query, type Reply } from './plugin';
import type { ZoneData } from './plugins/zone';

export interface ServerInput {
  readonly kernel: Kernel;
  readonly system: System;
  readonly clientFor: (system: System) => Client;
  readonly log: (line: string) => void;
  readonly halt: () => void;
}

interface Block {
  readonly zones: readonly string[];
  readonly port: number;
  readonly answer: (query: Query) => Task<Reply | undefined>;
}

const failed = (code: Reply['code']): Reply => ({ code, authoritative: false, answers: [], authority: [], additional: [] });

/** The running configuration: its server blocks, and what they follow. */
export class Configuration {
  readonly metrics = new Metrics();
  readonly follows: ZoneData[] = [];
  readonly probes: string[] = [];
  readonly directives;
  readonly source: readonly ServerBlock[];
  private readonly blocks: Block[] = [];

  /** Throws CorefileError. */
  constructor(readonly text: string, file: string, input: ServerInput) {
    this.source = parseCorefile(text, file);
    this.directives = this.source.flatMap(({ directives }) => directives);
    let client: Client | undefined;
    for (const block of this.source) {
      for (const port of new Set(block.keys.map((key) => key.port))) {
        const zones = block.keys.filter((key) => key.port === port).map(({ zone }) => zone);
        const context = { system: input.system, zones, log: input.log, resolve: (query: Query) => this.answer(query, port) };
        const chain = { kernel: input.kernel, client: () => (client ??= input.clientFor(input.system)), halt: input.halt, follows: (data: ZoneData) => void this.follows.push(data), probes: (name: string) => void this.probes.push(name) };
        this.blocks.push({ zones, port, answer: buildChain(block, context, chain, file) });
      }
    }
  }

  get ports(): readonly number[] {
    return [...new Set(this.blocks.map(({ port }) => port))];
  }

  get ready(): boolean {
    return this.follows.every(({ synced }) => synced);
  }

  *answer(query: Query, port: number): Task<Reply | undefined> {
    let best: Block | undefined;
    let origin = '';
    for (const block of this.blocks) {
      if (block.port !== port) continue;
      for (const zone of block.zones)
        if (isWithin(query.question.name, zone) && (!best || zone.length > origin.length)) {
          best = block;
          origin = zone;
        }
    }
    if (!best) return failed('REFUSED');
    this.metrics.request(`dns://:${port}`, `${origin}.`, query.protocol, query.question.type);
    const reply = (yield* best.answer(query)) ?? failed('SERVFAIL');
    this.metrics.response(`dns://:${port}`, `${origin}.`, reply.code, 'kubernetes');
    return reply;
  }

  /** The bytes that answer the bytes; undefined for what is no question. */
  *serve(bytes: Uint8Array, remote: Endpoint, protocol: 'udp' | 'tcp', port: number): Task<Uint8Array | undefined> {
    const request = decodeMessage(bytes);
    const asked = request?.questions[0];
    if (!request || request.response || !asked) return undefined;
    const question = { name: asked.name.toLowerCase(), type: asked.type };
    const bufferSize = request.bufferSize ?? 512;
    const known = typeNumber(question.type) !== undefined;
    const reply = known ? ((yield* this.answer({ question, protocol, remote, id: request.id, size: bytes.length, bufferSize, recursionDesired: request.recursionDesired }, port)) ?? failed('SERVFAIL')) : failed('NOTIMP');
    const message: DnsMessage = {
      id: request.id, response: true, authoritative: reply.authoritative, truncated: false, recursionDesired: request.recursionDesired, recursionAvailable: reply.recursionAvailable ?? false, code: reply.code,
      questions: request.questions, answers: reply.answers, authority: reply.authority, additional: reply.additional, ...(request.bufferSize !== undefined && { bufferSize: 1232 }),
    };
    const encoded = encodeMessage(message);
    if (protocol === 'tcp' || encoded.length <= Math.max(512, bufferSize)) return encoded;
    const short = encodeMessage({ ...message, additional: [] });
    return short.length <= Math.max(512, bufferSize) ? short : encodeMessage({ ...message, truncated: true, answers: [], authority: [], additional: [] });
  }
}

/** Answers on one port, with whatever configuration is the current one. Throws NetworkError when the port is taken. */
export function listenOn(system: System, port: number, current: () => Configuration): void {
  const socket = system.network.bindDatagram({ port });
  const listener = system.network.listen({ port });
  const spawn = (name: string, task: Task) => system.thread(name, task);
  spawn(`udp ${port}`, (function* (): Task {
    for (let datagram = yield* socket.receive(); datagram; datagram = yield* socket.receive()) {
      const { data, from } = datagram;
      spawn('query', (function* (): Task {
        const answer = yield* current().serve(data, from, 'udp', port);
        if (answer) socket.send(from, answer);
      })());
    }
  })());
  spawn(`tcp ${port}`, (function* (): Task {
    for (let connection = yield* listener.accept(); connection; connection = yield* listener.accept()) spawn('connection', serveStream(connection, port, current));
  })());
}

function* serveStream(connection: Connection, port: number, current: () => Configuration): Task {
  const reader = new ByteReader(connection);
  try {
    for (;;) {
      const size = yield* within(seconds(8), () => reader.exactly(2));
      if (!size) break;
      const answer = yield* current().serve(yield* reader.exactly(((size[0] as number) << 8) | (size[1] as number)), connection.remote, 'tcp', port);
      if (!answer) break;
      yield* connection.write(concatBytes([Uint8Array.of(answer.length >> 8, answer.length & 255), answer]));
    }
  } catch (error) {
    if (!(error instanceof HttpError) && !(error instanceof NetworkError)) throw error;
  } finally {
    connection.close();
  }
}

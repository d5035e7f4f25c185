import { seconds, type Task } from '../../kernel';
import { type DnsRecord, isIpAddress, reverseName } from '../../network';
import type { Executable } from '../process/program';
import { command } from '../process/program';
import type { SystemCalls } from '../process/system';
import { type DnsAnswer, queryServer, readResolverConfiguration, resolveHost } from '../resolver';

const types = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'NS', 'MX', 'TXT', 'SOA', 'ANY'];

function recordText(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return `Name:\t${record.name}\nAddress: ${record.address}\n`;
    case 'CNAME':
      return `${record.name}\tcanonical name = ${record.target}\n`;
    case 'NS':
      return `${record.name}\tnameserver = ${record.target}\n`;
    case 'PTR':
      return `${record.name}\tname = ${record.target}\n`;
    case 'SRV':
      return `${record.name}\tservice = ${record.priority} ${record.weight} ${record.port} ${record.target}\n`;
    case 'MX':
      return `${record.name}\tmail exchanger = ${record.preference} ${record.target}\n`;
    case 'TXT':
      return record.texts.map((text) => `${record.name}\ttext = "${text}"\n`).join('');
    case 'SOA':
      return `${record.name}\n\torigin = ${record.primary}\n\tmail addr = ${record.mailbox}\n\tserial = ${record.serial}\n\trefresh = ${record.refresh}\n\tretry = ${record.retry}\n\texpire = ${record.expire}\n\tminimum = ${record.minimum}\n`;
  }
}

interface Question {
  readonly name: string;
  readonly type: string;
}

/** What is asked for a name: of an address its name, of a name without a dot each of the search path. */
function questionsFor(name: string, asked: readonly string[], search: readonly string[]): Question[] {
  const reverse = asked.length === 0 && isIpAddress(name) ? reverseName(name) : undefined;
  if (reverse !== undefined) return [{ name: reverse, type: 'PTR' }];
  const kinds = asked.length > 0 ? asked : ['A', 'AAAA'];
  const names = name.endsWith('.') ? [name.slice(0, -1)] : name.includes('.') || search.length === 0 ? [name] : search.map((suffix) => `${name}.${suffix}`);
  return names.flatMap((each) => kinds.map((type) => ({ name: each, type })));
}

function* ask(system: SystemCalls, servers: readonly string[], question: Question, port: number, timeout: number, attempts: number): Task<{ answer: DnsAnswer; server: string } | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const address of servers) {
      const answer = yield* queryServer(system.network, system.random, { address, port }, question, seconds(timeout));
      if (answer) return { answer, server: address };
    }
  }
  return undefined;
}

/** nslookup, in the words of busybox's larger variant. */
export const nslookup: Executable = command(function* (system) {
  const asked: string[] = [];
  const words: string[] = [];
  let port = 53;
  for (const word of system.argv.slice(1)) {
    const type = /^-(?:type|querytype|q|query|t)=(.*)$/.exec(word);
    if (type) {
      const name = (type[1] as string).toUpperCase();
      if (!types.includes(name)) {
        yield* system.stderr.write(`nslookup: invalid query type "${type[1] as string}"\n`);
        return 1;
      }
      asked.push(name);
    } else if (/^-port=\d+$/.test(word)) port = Number(word.slice(6));
    else if (!word.startsWith('-')) words.push(word);
  }
  const [name, serverName] = words;
  if (name === undefined) {
    yield* system.stderr.write('BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n');
    return 1;
  }
  const configuration = readResolverConfiguration(system.files);
  let { servers } = configuration;
  if (serverName !== undefined) {
    servers = yield* resolveHost(system, serverName);
    if (servers.length === 0) {
      yield* system.stderr.write(`nslookup: bad address '${serverName}'\n`);
      return 1;
    }
  }
  const questions = questionsFor(name, asked, configuration.search);
  const answers: ({ answer: DnsAnswer; server: string } | undefined)[] = [];
  for (const question of questions) {
    const answer = yield* ask(system, servers, question, port, configuration.timeout, configuration.attempts);
    answers.push(answer);
    if (!answer) break;
  }
  const first = answers.find((answer) => answer !== undefined);
  if (!first) {
    yield* system.stdout.write(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  let text = `Server:\t\t${serverName ?? first.server}\nAddress:\t${first.server}:${port}\n\n`;
  let status = 0;
  for (const [index, result] of answers.entries()) {
    if (!result) continue;
    const { answer } = result;
    if (answer.code !== 'NOERROR') {
      text += `** server can't find ${(questions[index] as Question).name}: ${answer.code}\n`;
      status = 1;
    } else {
      if (!answer.authoritative && answer.answers.length > 0) text += 'Non-authoritative answer:\n';
      text += answer.answers.map(recordText).join('');
    }
    text += '\n';
  }
  yield* system.stdout.write(text);
  return status;
});

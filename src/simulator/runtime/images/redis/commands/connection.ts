import { seconds, sleep } from '../../../../kernel';
import { type Call, type Commands, globPattern, integer, ok, syntaxError } from '../command';
import { infoText } from '../info';
import { Failure, type Reply, Status } from '../resp';

const wrongPass = new Failure('WRONGPASS invalid username-password pair or user is disabled.');

function auth({ server, client, args }: Call): Reply {
  const { password } = server.settings;
  if (args.length === 1 && password === '') return new Failure('ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?');
  const [user, given] = args.length === 1 ? ['default', args[0]] : args;
  if (user !== 'default' || (password !== '' && given !== password)) return wrongPass;
  client.authenticated = true;
  return ok;
}

function clientCommand({ server, client, args: [what = '', value = ''] }: Call): Reply {
  switch (what.toLowerCase()) {
    case 'id': return client.id;
    case 'getname': return client.name === '' ? null : client.name;
    case 'setname': client.name = value; return ok;
    case 'list': return server.clients.map((one) => `id=${one.id} addr=${one.address} laddr=${one.localAddress} fd=${one.id + 5} name=${one.name} age=${Math.floor((server.now - one.since) / 1e6)} idle=${Math.floor((server.now - one.lastAt) / 1e6)} flags=${one.inTransaction ? 'x' : 'N'} db=${one.database} sub=${one.channels.size} psub=${one.patterns.size} ssub=0 multi=-1 qbuf=26 qbuf-free=20448 argv-mem=10 multi-mem=0 rbs=16384 rbp=16384 obl=0 oll=0 omem=0 tot-mem=37658 events=r cmd=${one.lastCommand} user=default redir=-1 resp=2\n`).join('');
    case 'info': return `id=${client.id} addr=${client.address} laddr=${client.localAddress} name=${client.name} db=${client.database}\n`;
    case 'kill': {
      const victims = server.clients.filter((one) => one.address === value);
      for (const victim of victims) victim.close();
      return victims.length > 0 ? ok : new Failure('ERR No such client');
    }
    case 'no-evict': case 'reply': case 'setinfo': case 'tracking': case 'unpause': case 'pause': return ok;
    default: return new Failure(`ERR unknown subcommand '${what}'. Try CLIENT HELP.`);
  }
}

function config({ server, args: [what = '', ...rest] }: Call): Reply {
  const { parameters } = server.settings;
  switch (what.toLowerCase()) {
    case 'get': {
      const tests = rest.map((pattern) => globPattern(pattern.toLowerCase()));
      return [...parameters].filter(([name]) => tests.some((test) => test.test(name))).flat();
    }
    case 'set':
      for (let i = 0; i < rest.length; i += 2) if (!parameters.has((rest[i] ?? '').toLowerCase())) return new Failure(`ERR Unknown option or number of arguments for CONFIG SET - '${rest[i] ?? ''}'`);
      for (let i = 0; i < rest.length; i += 2) server.settings.set((rest[i] ?? '').toLowerCase(), rest[i + 1] ?? '');
      return ok;
    case 'resetstat': server.resetStatistics(); return ok;
    case 'rewrite': return new Failure('ERR The server is running without a config file');
    default: return new Failure(`ERR unknown subcommand '${what}'. Try CONFIG HELP.`);
  }
}

function subscribe(kind: 'channels' | 'patterns') {
  return ({ client, args }: Call): Reply => {
    for (const name of args) {
      client[kind].add(name);
      client.send([kind === 'channels' ? 'subscribe' : 'psubscribe', name, client.channels.size + client.patterns.size]);
    }
    return [];
  };
}

function unsubscribe(kind: 'channels' | 'patterns') {
  return ({ client, args }: Call): Reply => {
    const names = args.length > 0 ? args : [...client[kind]];
    const word = kind === 'channels' ? 'unsubscribe' : 'punsubscribe';
    if (names.length === 0) client.send([word, null, client.channels.size + client.patterns.size]);
    for (const name of names) {
      client[kind].delete(name);
      client.send([word, name, client.channels.size + client.patterns.size]);
    }
    return [];
  };
}

function publish({ server, args: [channel = '', message = ''] }: Call): Reply {
  let heard = 0;
  for (const client of server.clients) {
    if (client.channels.has(channel)) {
      client.send(['message', channel, message]);
      heard += 1;
    }
    for (const pattern of client.patterns) {
      if (!globPattern(pattern).test(channel)) continue;
      client.send(['pmessage', pattern, channel, message]);
      heard += 1;
    }
  }
  return heard;
}

function pubsub({ server, args: [what = '', ...names] }: Call): Reply {
  const channels = new Set(server.clients.flatMap((client) => [...client.channels]));
  if (what.toLowerCase() === 'channels') return [...channels].filter((name) => names[0] === undefined || globPattern(names[0]).test(name));
  if (what.toLowerCase() === 'numsub') return names.flatMap((name) => [name, server.clients.filter((client) => client.channels.has(name)).length]);
  return new Set(server.clients.flatMap((client) => [...client.patterns])).size;
}

function* debug({ args: [what = '', amount = '0'] }: Call) {
  if (what.toLowerCase() !== 'sleep') return new Failure('ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.') as Reply;
  yield* sleep(seconds(Number(amount)));
  return ok as Reply;
}

/** Commands about connections, the server, messages and persistence. */
export const connectionCommands: Commands = {
  ping: { arity: -1, run: ({ client, args: [text] }) => (client.subscribed ? ['pong', text ?? ''] : (text ?? new Status('PONG'))) },
  echo: { arity: 2, run: ({ args: [text = ''] }) => text },
  auth: { arity: -2, run: auth },
  quit: { arity: -1, run: ({ client }) => ((client.quitting = true), ok) },
  select: { arity: 2, run: ({ server, client, args: [text] }) => {
    const index = integer(text);
    if (index < 0 || index >= server.databases.length) return new Failure('ERR DB index is out of range');
    client.database = index;
    return ok;
  } },
  swapdb: { arity: 3, run: () => syntaxError },
  hello: { arity: -1, run: ({ client, args: [version] }) => {
    if (version !== undefined && version !== '2') return new Failure('NOPROTO unsupported protocol version');
    return ['server', 'redis', 'version', '7.0.15', 'proto', 2, 'id', client.id, 'mode', 'standalone', 'role', 'master', 'modules', []];
  } },
  reset: { arity: 1, run: ({ client }) => (client.reset(), new Status('RESET')) },
  client: { arity: -2, run: clientCommand },
  config: { arity: -2, run: config },
  info: { arity: -1, run: ({ server, args }) => infoText(server, args) },
  time: { arity: 1, run: ({ server }) => [String(Math.floor(server.now / 1e6)), String(server.now % 1e6)] },
  role: { arity: 1, run: () => ['master', 0, []] },
  lastsave: { arity: 1, run: ({ server }) => Math.floor(server.lastSave / 1e6) },
  save: { arity: 1, run: ({ server }) => (server.save() ? ok : new Failure('ERR')) },
  bgsave: { arity: -1, run: ({ server }) => (server.saveInBackground(), new Status('Background saving started')) },
  bgrewriteaof: { arity: 1, run: () => new Status('Background append only file rewriting started') },
  shutdown: { arity: -1, run: ({ server, args }) => (server.shutDown('User requested shutdown...', !args.some((word) => word.toLowerCase() === 'nosave')), null) },
  command: { arity: -1, run: ({ server, args: [what = ''] }) => (what.toLowerCase() === 'count' ? server.commandCount : what.toLowerCase() === 'docs' ? [] : server.commandNames.map((name) => [name, -1, [], 1, 1, 1])) },
  slowlog: { arity: -2, run: ({ args: [what = ''] }) => (what.toLowerCase() === 'len' ? 0 : what.toLowerCase() === 'reset' ? ok : []) },
  latency: { arity: -2, run: () => [] },
  memory: { arity: -2, run: ({ database, args: [what = '', key = ''] }) => (what.toLowerCase() === 'usage' ? (database.get(key) ? 56 + key.length : null) : ok) },
  debug: { arity: -2, run: debug },
  wait: { arity: 3, run: () => 0 },
  publish: { arity: 3, run: publish },
  subscribe: { arity: -2, run: subscribe('channels') },
  psubscribe: { arity: -2, run: subscribe('patterns') },
  unsubscribe: { arity: -1, run: unsubscribe('channels') },
  punsubscribe: { arity: -1, run: unsubscribe('patterns') },
  pubsub: { arity: -2, run: pubsub },
  replicaof: { arity: 3, run: () => ok },
};

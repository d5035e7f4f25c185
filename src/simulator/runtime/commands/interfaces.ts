import { milliseconds, seconds, sleep } from '../../kernel';
import { errorText } from '../files/errors';
import { NetworkError, type SocketInfo } from '../../network';
import type { Executable, Output } from '../process/program';
import { instant } from '../process/program';
import type { SystemCalls } from '../process/system';
import { resolveHost } from '../resolver';
import { task, tool } from './tool';

const ping: Executable = task({ letters: 'c:W:w:qi:s:nI:t:46A', least: 1 }, function* (system, options) {
  const [host = ''] = options.words;
  const [address] = yield* resolveHost(system, host);
  if (address === undefined) {
    yield* system.stderr.write(`ping: bad address '${host}'\n`);
    return 1;
  }
  yield* system.stdout.write(`PING ${host} (${address}): ${options.number('s', 56)} data bytes\n`);
  const times: number[] = [];
  let sent = 0;
  const count = options.number('c', Infinity);
  const deadline = options.has('w') ? system.now + seconds(options.number('w', 0)) : Infinity;
  const report = () => {
    const loss = sent === 0 ? 0 : Math.round(((sent - times.length) * 100) / sent);
    const milli = (value: number) => (value / 1000).toFixed(3);
    const trip = times.length > 0 ? `round-trip min/avg/max = ${milli(Math.min(...times))}/${milli(times.reduce((a, b) => a + b, 0) / times.length)}/${milli(Math.max(...times))} ms\n` : '';
    return `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} packets received, ${loss}% packet loss\n${trip}`;
  };
  system.process.handle('INT', () => {
    system.stdout.tryWrite(report());
    system.process.exit(times.length > 0 ? 0 : 1);
  });
  for (let sequence = 0; sequence < count && system.now < deadline; sequence++) {
    const started = system.now;
    sent += 1;
    const trip = yield* system.network.ping(address, seconds(options.number('W', 10)));
    if (trip !== undefined) {
      times.push(trip);
      if (!options.has('q')) yield* system.stdout.write(`${options.number('s', 56) + 8} bytes from ${address}: seq=${sequence} ttl=64 time=${(trip / 1000).toFixed(3)} ms\n`);
    }
    if (sequence + 1 < count) yield* sleep(Math.max(milliseconds(1), seconds(Number(options.value('i') ?? 1)) - (system.now - started)));
  }
  yield* system.stdout.write(report());
  return times.length > 0 ? 0 : 1;
});

const bits = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) >>> 0;
const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
const mask = (prefix: number): number => (prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);
const maskOf = (prefix: number): string => dotted(mask(prefix));
const networkOf = (address: string, prefix: number): string => dotted((bits(address) & mask(prefix)) >>> 0);
const broadcastOf = (address: string, prefix: number): string => dotted((bits(address) | ~mask(prefix)) >>> 0);

function addresses(system: SystemCalls): string {
  let text = '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n';
  for (const [index, each] of system.network.interfaces.entries()) {
    text += `${index + 2}: ${each.name}@if${index + 3}: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu ${each.mtu} qdisc noqueue \n    link/ether ${each.mac} brd ff:ff:ff:ff:ff:ff\n    inet ${each.address}/${each.prefix} brd ${broadcastOf(each.address, each.prefix)} scope global ${each.name}\n       valid_lft forever preferred_lft forever\n`;
  }
  return text;
}

function routes(system: SystemCalls): string {
  let text = '';
  const [first] = system.network.interfaces;
  if (system.network.gateway !== undefined && first) text += `default via ${system.network.gateway} dev ${first.name} \n`;
  for (const each of system.network.interfaces) text += `${networkOf(each.address, each.prefix)}/${each.prefix} dev ${each.name} scope link  src ${each.address} \n`;
  return text;
}

const ip: Executable = tool({ letters: '+46o' }, (system, options, out) => {
  const [object = '', verb = 'show'] = options.words;
  if (!['', 'show', 'list', 's', 'l', 'ls', 'get'].includes(verb)) {
    out.error('ip: RTNETLINK answers: Operation not permitted\n');
    return 2;
  }
  if (object !== '' && 'address'.startsWith(object)) out.write(addresses(system));
  else if (object !== '' && 'route'.startsWith(object)) out.write(routes(system));
  else if (object !== '' && 'link'.startsWith(object)) out.write(addresses(system).split('\n').filter((line) => !/^ +(inet|valid)/.test(line)).join('\n'));
  else if (object !== '' && 'neighbor'.startsWith(object)) out.write('');
  else {
    out.error('BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: ip [OPTIONS] address|route|link|neigh|rule [ARGS]\n');
    return 1;
  }
  return 0;
});

const ifconfig: Executable = tool({ letters: 'a' }, (system, options, out) => {
  const all = [...system.network.interfaces.map((each) => ({ ...each, loop: false })), { name: 'lo', address: '127.0.0.1', prefix: 8, mac: '', mtu: 65_536, loop: true }];
  const wanted = options.words[0];
  const shown = all.filter((each) => wanted === undefined || each.name === wanted);
  if (shown.length === 0) {
    out.error(`ifconfig: ${wanted}: error fetching interface information: Device not found\n`);
    return 1;
  }
  for (const each of shown) {
    out.write(each.loop ? `${each.name.padEnd(10)}Link encap:Local Loopback  \n` : `${each.name.padEnd(10)}Link encap:Ethernet  HWaddr ${each.mac.toUpperCase()}  \n`);
    out.write(`          inet addr:${each.address}  ${each.loop ? '' : `Bcast:${broadcastOf(each.address, each.prefix)}  `}Mask:${maskOf(each.prefix)}\n          UP ${each.loop ? 'LOOPBACK' : 'BROADCAST'} RUNNING${each.loop ? '' : ' MULTICAST'}  MTU:${each.mtu}  Metric:1\n\n`);
  }
  return 0;
});

function socketLine(socket: SocketInfo): string {
  const local = `${socket.local.address}:${socket.local.port}`;
  const remote = socket.remote ? `${socket.remote.address}:${socket.remote.port}` : '0.0.0.0:*';
  return `${socket.protocol.padEnd(5)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${local.padEnd(23)} ${remote.padEnd(23)} ${socket.state.padEnd(11)} \n`;
}

function netstatText(system: SystemCalls, given: (letter: string) => boolean, out: Output): void {
  const [tcp, udp, listening, all] = [given('t'), given('u'), given('l'), given('a')];
  const shown = system.network.sockets().filter((socket) => {
    const isListening = socket.state === 'LISTEN' || (socket.protocol === 'udp' && socket.remote === undefined);
    const kind = (!tcp && !udp) || (tcp && socket.protocol === 'tcp') || (udp && socket.protocol === 'udp');
    return kind && (all || (listening ? isListening : !isListening));
  });
  out.write(`Active Internet connections (${all ? 'servers and established' : listening ? 'only servers' : 'w/o servers'})\nProto Recv-Q Send-Q Local Address           Foreign Address         State       \n`);
  for (const socket of shown) out.write(socketLine(socket));
}

const netstat: Executable = tool({ letters: 'laentuwxrWp' }, (system, options, out) => {
  if (options.has('r')) out.write(routeTable(system));
  else netstatText(system, (letter) => options.has(letter), out);
  return 0;
});

function routeTable(system: SystemCalls): string {
  let text = 'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n';
  const line = (destination: string, gateway: string, mask: string, flags: string, name: string) => `${destination.padEnd(15)} ${gateway.padEnd(15)} ${mask.padEnd(15)} ${flags.padEnd(5)} 0      0        0 ${name}\n`;
  const [first] = system.network.interfaces;
  if (system.network.gateway !== undefined && first) text += line('0.0.0.0', system.network.gateway, '0.0.0.0', 'UG', first.name);
  for (const each of system.network.interfaces) text += line(networkOf(each.address, each.prefix), '0.0.0.0', maskOf(each.prefix), 'U', each.name);
  return text;
}

const route: Executable = instant((system, out) => (out.write(routeTable(system)), 0));

const traceroute: Executable = task({ letters: 'nq:w:m:I', least: 1 }, function* (system, options) {
  const [host = ''] = options.words;
  const [address] = yield* resolveHost(system, host);
  if (address === undefined) {
    yield* system.stderr.write(`traceroute: bad address '${host}'\n`);
    return 1;
  }
  yield* system.stdout.write(`traceroute to ${host} (${address}), 30 hops max, 46 byte packets\n`);
  try {
    const trip = yield* system.network.ping(address, seconds(5));
    yield* system.stdout.write(trip === undefined ? ' 1  *  *  *\n' : ` 1  ${address} (${address})  ${(trip / 1000).toFixed(3)} ms\n`);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(`traceroute: ${errorText(error.code)}\n`);
    return 1;
  }
  return 0;
});

/** Commands that look at the network. */
export const interfaceCommands: Readonly<Record<string, Executable>> = { ping, ip, ifconfig, netstat, route, traceroute };

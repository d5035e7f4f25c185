import type { Proxy } from './config';
import type { Worker } from './session';

const columns = 'pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,';

function rows(worker: Worker): string[][] {
  const out: string[][] = [];
  const row = (name: string, service: string, current: number, total: number, bytesIn: number, bytesOut: number, status: string, rest: readonly (string | number)[] = []) => out.push([name, service, '0', '0', String(current), String(current), '', String(total), String(bytesIn), String(bytesOut), '0', '0', '0', '0', '0', '0', '0', status, ...rest.map(String)]);
  const since = (at: number) => Math.floor((worker.system.now - at) / 1e6);
  for (const [proxy, counters] of worker.frontends) row(proxy.name, 'FRONTEND', counters.sessions, counters.total, counters.bytesIn, counters.bytesOut, 'OPEN');
  for (const [name, backend] of worker.backends) {
    for (const { config, up, sessions, total, bytesIn, bytesOut, failures, downs, changedAt } of backend.servers) {
      const status = config.check ? (up ? 'UP' : 'DOWN') : 'no check';
      row(name, config.name, sessions, total, bytesIn, bytesOut, status, [config.weight, config.backup ? 0 : 1, config.backup ? 1 : 0, failures, downs, since(changedAt), up ? 0 : since(changedAt)]);
    }
    const { active, backup } = backend.counts;
    row(name, 'BACKEND', backend.sessions, backend.total, 0, 0, active + backup > 0 || backend.servers.length === 0 ? 'UP' : 'DOWN', [active, active, backup]);
  }
  return out;
}

/** The statistics page, or its CSV when the address ends in ;csv. */
export function statsPage(worker: Worker, proxy: Proxy, target: string): { readonly type: string; readonly text: string } | undefined {
  const rest = target.slice(proxy.stats.uri.length);
  const all = rows(worker);
  const count = columns.split(',').length;
  if (rest.startsWith(';csv')) return { type: 'text/plain', text: `# ${columns}\n${all.map((row) => [...row, ...Array<string>(Math.max(0, count - row.length)).fill('')].join(',')).join('\n')}\n` };
  const cells = all.map(([name, service, , , current, , , total, , , , , , , , , , status]) => `<tr><td>${name}</td><td>${service}</td><td>${current}</td><td>${total}</td><td>${status}</td></tr>`);
  return {
    type: 'text/html',
    text: `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"\n"http://www.w3.org/TR/html4/loose.dtd">\n<html><head><title>Statistics Report for HAProxy</title>\n</head><body>\n<h1><a href="http://www.haproxy.org/">HAProxy version 2.6.12-1+deb12u4, released 2026/10/17</a></h1>\n<h2>Statistics Report for pid ${worker.system.pid}</h2>\n<table>\n<tr><th>Proxy</th><th>Server</th><th>Sessions</th><th>Total</th><th>Status</th></tr>\n${cells.join('\n')}\n</table>\n</body></html>\n`,
  };
}

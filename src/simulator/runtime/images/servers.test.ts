import { expect, test } from 'vitest';
import { seconds } from '../../kernel';
import { createRig, startTime } from './rig.test-support';

test('nginx serves its welcome page, logs it, and says what is missing', () => {
  const rig = createRig();
  const web = rig.pod('web', { nginx: { image: 'nginx:1.27' } });
  const client = rig.pod('client', { curl: { image: 'curlimages/curl:8', command: ['sleep', '9999'] } });
  rig.pass(startTime);
  expect(client.run('curl', `curl -s http://${web.address}/`)).toEqual({ code: 0, output: '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\n' });
  expect(client.run('curl', `curl -s -o /dev/null -w '%{http_code} %{size_download} %{content_type}' http://${web.address}/nosuch`).output).toBe('404 153 text/html');
  expect(web.log('nginx')).toContain(`${client.address} - - [`);
  expect(web.log('nginx')).toContain('"GET / HTTP/1.1" 200 121 "-" "curl/7.88.1"');
  expect(web.log('nginx')).toContain('open() "/usr/share/nginx/html/nosuch" failed (2: No such file or directory), client: ');
  expect(web.run('nginx', 'nginx -t').output).toBe('nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n');
});

test('nginx: locations, return, redirects, reload, a bad configuration', () => {
  const rig = createRig();
  const conf = 'server { listen 80; location / { return 200 "app\\n"; } location = /exact { return 201 "exact"; } location ~ ^/u/(\\d+)$ { return 200 "user $1"; } location /old { return 301 /new; } location /deny { deny all; } location /try { root /x; try_files $uri =404; } }\n';
  const web = rig.pod('web', { nginx: { image: 'nginx:1.27' } }, { '/etc/nginx/conf.d': { 'default.conf': conf } });
  const client = rig.pod('client', { curl: { image: 'curlimages/curl:8', command: ['sleep', '9999'] } });
  rig.pass(startTime);
  const get = (path: string) => client.run('curl', `curl -s -w ' %{http_code} %{redirect_url}' http://${web.address}${path}`).output;
  expect(get('/anything')).toBe('app\n 200 ');
  expect(get('/exact')).toBe('exact 201 ');
  expect(get('/u/42')).toBe('user 42 200 ');
  expect(get('/old')).toContain(` 301 http://${web.address}/new`);
  expect(get('/deny')).toContain('<h1>403 Forbidden</h1>');
  expect(get('/try')).toContain('404');
  web.volumes['/etc/nginx/conf.d']?.writeFile('/default.conf', 'server { listen 80; location / { return 200 "new\\n"; } }\n');
  expect(web.run('nginx', 'nginx -s reload').code).toBe(0);
  rig.pass(startTime);
  expect(get('/')).toBe('new\n 200 ');
  web.volumes['/etc/nginx/conf.d']?.writeFile('/default.conf', 'server {\n  listen 80;\n  foo bar;\n}\n');
  expect(web.run('nginx', 'nginx -t')).toEqual({ code: 1, output: 'nginx: [emerg] unknown directive "foo" in /etc/nginx/conf.d/default.conf:3\nnginx: configuration file /etc/nginx/nginx.conf test failed\n' });
  expect(web.run('nginx', 'nginx -s quit').code).toBe(1);
  web.volumes['/etc/nginx/conf.d']?.writeFile('/default.conf', 'server { listen 80; }\n');
  expect(web.run('nginx', 'nginx -s quit').code).toBe(0);
  rig.pass(startTime);
  expect(web.containers['nginx']?.state).toMatchObject({ status: 'exited', exitCode: 0 });
  expect(client.run('curl', `curl -sS http://${web.address}/`)).toEqual({ code: 7, output: `curl: (7) Failed to connect to ${web.address} port 80 after 0 ms: Couldn't connect to server\n` });
});

test('nginx as an ambassador spreads requests over a group and passes over a dead server', () => {
  const hosts: Record<string, string> = {};
  const rig = createRig(hosts);
  for (const name of ['a', 'b']) hosts[`shard-${name}`] = rig.pod(`shard-${name}`, { main: { image: 'busybox:1.36', command: ['sh', '-c', `mkdir /w; echo shard ${name} >/w/index.html; exec httpd -f -p 8080 -h /w`] } }).address;
  const conf = 'upstream group { server shard-a:8080 max_fails=1 fail_timeout=5s; server shard-b:8080 max_fails=1 fail_timeout=5s; }\nserver { listen 127.0.0.1:9000; location / { proxy_pass http://group; proxy_connect_timeout 1s; proxy_next_upstream error timeout http_502; } }\n';
  const app = rig.pod('app', { main: { image: 'busybox:1.36', command: ['sleep', '9999'] }, ambassador: { image: 'nginx:1.27' } }, { '/etc/nginx/conf.d': { 'default.conf': conf } });
  rig.pass(startTime);
  const count = () => app.run('main', "for i in $(seq 10); do wget -qO- http://localhost:9000; done | sort | uniq -c | sed 's/^ *//'").output;
  expect(count()).toBe('5 shard a\n5 shard b\n');
  rig.network.owner(hosts['shard-b'] as string)?.close();
  expect(count()).toBe('10 shard a\n');
});

test('redis answers redis-cli, counts, keeps what it holds over a restart', () => {
  const rig = createRig();
  const redis = rig.pod('redis', { redis: { image: 'redis:7' }, client: { image: 'redis:7-alpine', command: ['sleep', '9999'] } });
  rig.pass(startTime);
  expect(redis.log('redis').replace(/^.*?[0-9:.]+ ([*#])/gm, '$1')).toContain('# Configuration loaded\n* monotonic clock: POSIX clock_gettime\n* Running mode=standalone, port=6379.\n# Server initialized\n');
  expect(redis.run('client', 'redis-cli set greeting hello; redis-cli expire greeting 600; redis-cli get greeting; redis-cli get nosuch; redis-cli foo bar').output).toBe("OK\n1\nhello\n\nERR unknown command 'foo', with args beginning with: 'bar' \n\n");
  expect(redis.run('client', 'redis-cli info keyspace').output.replace(/avg_ttl=\d+/, 'N')).toBe('# Keyspace\r\ndb0:keys=1,expires=1,N\r\n\n');
  expect(redis.run('client', 'printf "rpush l a b\\nlrange l 0 -1\\nmulti\\nincr n\\nincr n\\nexec\\nhset h f v\\nhgetall h\\nzadd z 2 b 1 a\\nzrange z 0 -1 withscores\\n" | redis-cli').output).toBe('2\na\nb\nOK\nQUEUED\nQUEUED\n1\n2\n1\nf\nv\n2\na\n1\nb\n2\n');
  expect(redis.run('client', 'redis-cli --no-raw lrange l 0 -1; redis-cli --no-raw get nosuch; redis-cli -p 1 ping').output).toBe('1) "a"\n2) "b"\n(nil)\nCould not connect to Redis at 127.0.0.1:1: Connection refused\n');
  redis.run('redis', 'kill 1');
  rig.pass(seconds(1));
  expect(redis.containers['redis']?.state).toMatchObject({ status: 'exited', exitCode: 0 });
  expect(redis.log('redis')).toContain('DB saved on disk');
});

test('haproxy spreads connections, takes a dead server out, and refuses what it cannot resolve', () => {
  const hosts: Record<string, string> = {};
  const rig = createRig(hosts);
  for (const name of ['a', 'b', 'c']) {
    const shard = rig.pod(`redis-${name}`, { redis: { image: 'redis:7' } });
    hosts[`redis-${name}`] = shard.address;
    rig.pass(startTime);
    shard.run('redis', `redis-cli set name "shard ${name}"`);
  }
  const conf = 'global\n  log stdout format raw local0\ndefaults\n  mode tcp\n  log global\n  timeout connect 1s\n  timeout client 30s\n  timeout server 30s\nfrontend redis\n  bind 127.0.0.1:6379\n  option tcplog\n  default_backend shards\nbackend shards\n  balance roundrobin\n  option tcp-check\n  tcp-check send PING\\r\\n\n  tcp-check expect string +PONG\n  default-server check inter 500ms fall 2 rise 1\n  server a redis-a:6379\n  server b redis-b:6379\n  server c redis-c:6379\n';
  const app = rig.pod('app', { app: { image: 'redis:7-alpine', command: ['sleep', '3600'] }, haproxy: { image: 'haproxy:2.8' } }, { '/usr/local/etc/haproxy': { 'haproxy.cfg': conf } });
  rig.pass(seconds(2));
  const count = () => app.run('app', "for i in $(seq 9); do redis-cli get name; done | sort | uniq -c | sed 's/^ *//'").output;
  expect(count()).toBe('3 shard a\n3 shard b\n3 shard c\n');
  expect(app.run('app', 'printf "get name\\nget name\\nget name\\n" | redis-cli | uniq | wc -l').output.trim()).toBe('1');
  rig.network.owner(hosts['redis-b'] as string)?.close();
  rig.pass(seconds(5));
  expect(app.log('haproxy')).toMatch(/^Server shards\/b is DOWN, reason: Layer4 timeout, info: " at initial connection step of tcp-check", check duration: 500ms\. 2 active and 0 backup servers left\. 0 sessions active, 0 requeued, 0 remaining in queue\.$/m);
  expect(app.run('app', "for i in $(seq 8); do redis-cli get name; done | sort | uniq -c | sed 's/^ *//'").output).toBe('4 shard a\n4 shard c\n');
  expect(app.log('haproxy')).toMatch(/^127\.0\.0\.1:\d+ \[.*\] redis shards\/[abc] \d+\/\d+\/\d+ \d+ -- \d+\/\d+\/\d+\/\d+\/0 0\/0$/m);
  for (const name of ['a', 'c']) rig.network.owner(hosts[`redis-${name}`] as string)?.close();
  rig.pass(seconds(5));
  expect(app.run('app', 'redis-cli get name')).toEqual({ code: 1, output: 'Error: Server closed the connection\n' });
  expect(app.run('haproxy', 'ps | grep -c "haproxy  *[0-9:]* *haproxy -W -db -f /usr/local/etc/haproxy/haproxy.cfg$"').output).toBe('2\n');
  expect(app.run('haproxy', 'sed s/redis-b/nosuch/ /usr/local/etc/haproxy/haproxy.cfg >/tmp/h.cfg; haproxy -c -f /tmp/h.cfg 2>&1 | sed "s/([0-9]*)/(PID)/"').output).toBe("[NOTICE]   (PID) : haproxy version is 2.6.12-1+deb12u4\n[NOTICE]   (PID) : path to executable is /usr/sbin/haproxy\n[ALERT]    (PID) : config : [/tmp/h.cfg:20] : 'server shards/b' : could not resolve address 'nosuch'.\n[ALERT]    (PID) : config : Failed to initialize server(s) addr.\n");
});

test('the exporters translate', () => {
  const rig = createRig();
  const conf = 'server { listen 80; location / { return 200 "app\\n"; } location = /stub_status { stub_status; allow 127.0.0.1; deny all; } }\n';
  const app = rig.pod('app', { nginx: { image: 'nginx:1.27' }, exporter: { image: 'nginx/nginx-prometheus-exporter:0.11.0', args: ['-nginx.scrape-uri=http://127.0.0.1/stub_status', '-nginx.retries=20', '-nginx.retry-interval=500ms'] } }, { '/etc/nginx/conf.d': { 'default.conf': conf } });
  const redis = rig.pod('redis', { redis: { image: 'redis:7' }, exporter: { image: 'oliver006/redis_exporter:v1.45.0' } });
  const monitor = rig.pod('monitor', { main: { image: 'curlimages/curl:8', command: ['sleep', '600'] } });
  rig.pass(seconds(2));
  const requests = () => Number(/^nginx_http_requests_total (\d+)/m.exec(monitor.run('main', `curl -s http://${app.address}:9113/metrics`).output)?.[1]);
  const before = requests();
  monitor.run('main', `curl -s http://${app.address}/`);
  expect(requests() - before).toBe(2);
  expect(monitor.run('main', `curl -s http://${app.address}/stub_status`).output).toContain('403 Forbidden');
  expect(app.log('exporter').replace(/^[0-9/]+ [0-9:]+ /gm, '').split('\n').filter((line) => !/retr/i.test(line)).sort()).toEqual(['', 'Listening on :9113', 'NGINX Prometheus Exporter has successfully started', 'NGINX Prometheus Exporter version=0.11.0-1+b4 commit= date=, dirty=false, arch=linux/amd64, go=go1.19.8', 'Starting...']);
  redis.run('redis', 'redis-cli set greeting hello; redis-cli expire greeting 600; redis-cli get greeting; redis-cli get nosuch');
  const metrics = monitor.run('main', `curl -s http://${redis.address}:9121/metrics`).output;
  for (const line of ['redis_up 1', 'redis_db_keys{db="db0"} 1', 'redis_db_keys{db="db1"} 0', 'redis_db_keys_expiring{db="db0"} 1', 'redis_commands_total{cmd="get"} 2', 'redis_keyspace_hits_total 1', 'redis_keyspace_misses_total 1', 'redis_connected_clients 1', 'redis_exporter_last_scrape_error{err=""} 0', '# HELP redis_commands_total Total number of calls per command']) expect(metrics.split('\n')).toContain(line);
});

test('agnhost, httpd and memcached answer', () => {
  const rig = createRig();
  const pod = rig.pod('pod', { agnhost: { image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['netexec', '--http-port=8080', '--udp-port=8081'] }, httpd: { image: 'httpd:2.4' }, memcached: { image: 'memcached:1.6' } });
  const client = rig.pod('client', { main: { image: 'busybox:1.36', command: ['sleep', '9999'] }, curl: { image: 'curlimages/curl:8', command: ['sleep', '9999'] } });
  rig.pass(startTime);
  const get = (path: string) => client.run('curl', `curl -s '${pod.address}${path}'`).output;
  expect(get(':8080/hostname')).toBe('pod');
  expect(get(':8080/clientip')).toMatch(new RegExp(`^${client.address}:\\d+$`));
  expect(get(`:8080/dial?host=${pod.address}&port=8081&request=hostname&protocol=udp&tries=2`)).toBe('{"responses":["pod","pod"]}');
  expect(get(':8080/shell?cmd=echo+hi')).toBe('{"output":"hi\\n"}');
  expect(get('/')).toBe('<html><body><h1>It works!</h1></body></html>\n');
  expect(pod.log('httpd')).toContain('AH00489: Apache/2.4.62 (Unix) configured -- resuming normal operations');
  expect(client.run('main', `printf 'set a 0 0 2\\r\\nhi\\r\\nget a b\\r\\nquit\\r\\n' | nc ${pod.address} 11211`).output).toBe('STORED\r\nVALUE a 0 2\r\nhi\r\nEND\r\n');
});

test('the little servers of tutorials say their words', () => {
  const rig = createRig();
  const hello = rig.pod('hello', { hello: { image: 'gcr.io/google-samples/hello-app:1.0' }, echo: { image: 'hashicorp/http-echo', args: ['-text=hi', '-listen=:80'] } });
  const second = rig.pod('second', { hello: { image: 'gcr.io/google-samples/hello-app:2.0' } });
  const web = rig.pod('web', { nginx: { image: 'nginx' } });
  rig.pass(startTime);
  expect(web.run('nginx', `curl -s ${second.address}:8080 | grep Version`).output).toBe('Version: 2.0.0\n');
  expect(web.run('nginx', `curl -s ${hello.address}:8080; curl -s ${hello.address}`).output).toBe('Hello, world!\nVersion: 1.0.0\nHostname: hello\nhi\n');
});

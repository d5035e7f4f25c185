import { expose } from 'comlink';
import { editorSchema } from '../host/editor-schema';
import type { BenchListener, ClusterWorker, PodView, TrafficEntry } from '../protocol';

/** A made-up cluster to draw the bench against (KUBE_DOJANG_STORY=1 npm run dev). Never part of the site. */
let listener: BenchListener = () => undefined;
let elapsed = 0;
let paused = false;
let speed: 1 | 10 = 1;
let traffic = 0;
let serial = 0;
const pods = new Map<string, PodView>();
const encode = (text: string) => new TextEncoder().encode(text.replace(/\n/g, '\r\n'));

const say = (user: string, verb: string, path: string, code = 200): void => {
  const entry: TrafficEntry = { id: ++traffic, at: elapsed, user, verb, path, code };
  listener([{ type: 'traffic', entries: [entry], dropped: 0 }]);
};
const put = (pod: PodView): void => {
  pods.set(pod.uid, pod);
  listener([{ type: 'map', change: { nodes: [], goneNodes: [], pods: [pod], gonePods: [], undrawn: [] } }]);
};

function makePod(): void {
  serial += 1;
  const name = `hall-7d4b9c-${(serial * 7919 + 4242).toString(36)}`;
  const base: PodView = { uid: name, namespace: 'default', name, node: undefined, status: 'Pending', tone: 'waiting', ready: 0, restarts: 0, ip: undefined, system: false, containers: [{ name: 'web', image: 'nginx:1.27', role: 'main', status: 'Waiting', tone: 'waiting', ready: false, restarts: 0 }] };
  put(base);
  say('system:serviceaccount:kube-system:replicaset-controller', 'create', '/api/v1/namespaces/default/pods', 201);
  const node = serial % 2 === 0 ? 'worker-1' : 'worker-2';
  setTimeout(() => { put({ ...base, node, status: 'ContainerCreating' }); say('system:kube-scheduler', 'create', `/api/v1/namespaces/default/pods/${name}/binding`, 201); }, 900);
  setTimeout(() => { if (serial % 5 === 4) put({ ...base, node, status: 'CrashLoopBackOff', tone: 'failing', containers: base.containers.map((c) => ({ ...c, status: 'CrashLoopBackOff', tone: 'failing', restarts: 3 })) }); else put({ ...base, node, status: 'Running', tone: 'good', ready: 1, ip: '10.244.1.7', containers: base.containers.map((c) => ({ ...c, status: 'Running', tone: 'good', ready: true })) }); say('system:node:worker-1', 'patch', `/api/v1/namespaces/default/pods/${name}/status`); }, 2100);
}

const worker: ClusterWorker = {
  open: async (options, tell) => {
    listener = tell;
    listener([{ type: 'map', change: { goneNodes: [], gonePods: [], undrawn: [], pods: ['coredns', 'etcd', 'kube-apiserver'].map((name) => ({ uid: name, namespace: 'kube-system', name, node: 'control-plane', status: 'Running', tone: 'good', ready: 1, restarts: 0, ip: '10.0.0.2', system: true, containers: [{ name, image: name, role: 'main', status: 'Running', tone: 'good', ready: true, restarts: 0 }] })), nodes: ['control-plane', 'worker-1', 'worker-2'].map((name) => ({ name, roles: name === 'control-plane' ? ['control-plane'] : [], status: 'Ready', tone: 'good' })) } }]);
    setInterval(() => { if (!paused) { elapsed += 100 * speed; listener([{ type: 'clock', clock: { paused, speed, elapsed, now: new Date(1.8e12 + elapsed).toISOString() } }]); } }, 100);
    void options;
    return { checks: [{ id: 'exists', title: { ko: '파드 `web`이 있습니다.', en: 'The Pod `web` is there.' } }, { id: 'ships', title: { ko: '사이드카가 로그를 내보냅니다.', en: 'The sidecar ships the log.' } }], restored: false };
  },
  openTerminal: async () => { setTimeout(() => listener([{ type: 'terminal', terminal: 1, data: encode('\x1b[32mstudent@workstation\x1b[0m:~$ ls\n한글 폭 시험 |가나다|abcdef|\nweb.yaml  ───┬───\nstudent@workstation:~$ ') }]), 50); return 1; },
  writeTerminal: async (terminal, data) => listener([{ type: 'terminal', terminal, data: encode(data.replace(/\r/g, '\n$ ')) }]),
  resizeTerminal: async () => undefined,
  closeTerminal: async () => undefined,
  run: async (command) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const name = /delete pod (\S+)/.exec(command)?.[1];
    if (name !== undefined) { const pod = pods.get(name); if (pod) put({ ...pod, status: 'Terminating', tone: 'leaving' }); setTimeout(() => listener([{ type: 'map', change: { nodes: [], goneNodes: [], pods: [], gonePods: [name], undrawn: [] } }]), 1500); setTimeout(makePod, 300); return { exitCode: 0, output: `pod "${name}" deleted from default namespace` }; }
    for (const delay of [100, 300, 600]) setTimeout(makePod, delay);
    return { exitCode: 0, output: 'deployment.apps/hall created' };
  },
  writeFile: async () => undefined,
  removeFile: async () => undefined,
  setClock: async (change) => { paused = change.paused ?? paused; speed = change.speed ?? speed; listener([{ type: 'clock', clock: { paused, speed, elapsed, now: '' } }]); },
  step: async () => undefined,
  setVisible: async () => undefined,
  grade: async (files) => { await new Promise((resolve) => setTimeout(resolve, 400)); const passed = Object.values(files).join('').includes('PASS'); return { passed, took: 10, checks: [{ id: 'exists', title: { ko: '파드 `web`이 있습니다.', en: 'The Pod `web` is there.' }, state: 'passed' }, { id: 'ships', title: { ko: '사이드카가 로그를 내보냅니다.', en: 'The sidecar ships the log.' }, ...(passed ? { state: 'passed' } : { state: 'failed', expected: { ko: '`kubectl logs web -c shipper`에 접속이 보입니다.', en: 'The log shows visits.' }, found: { ko: '컨테이너 `shipper`가 없습니다.', en: 'No container `shipper`.' }, why: { ko: '로그를 읽을 수 없으면 고장을 찾을 수 없습니다.', en: 'Faults cannot be found without logs.' }, place: { file: Object.keys(files)[0] ?? '', line: 6 }, evidence: ['Pod/web BackOff: Back-off restarting failed container'] }) }] }; },
  editorSchema: async () => editorSchema({ locale: 'ko', describe: () => undefined }),
  checkpoint: async () => undefined,
};
expose(worker);

import type { Container, Pod } from '../../../src/simulator/api';
import { seconds, type Task } from '../../../src/simulator/kernel';
import { companionsOf, containerStatusOf, defineChecks, fail, type GradingWorld, pass, type Place, text, type Verdict } from '../../../src/grading';

const app = { name: 'web', image: 'nginx:1.27', log: '/var/log/nginx/visits.log' };

const at = (path: string): readonly Place[] => [{ kind: 'Pod', name: app.name, path }, { kind: 'Pod', name: app.name, path: 'spec' }];

const besides = (pod: Pod) => companionsOf(pod, app.name);

const mainOf = (pod: Pod): Container | undefined => pod.spec?.containers.find((container) => container.name === app.name);

/** The sidecar that shares a volume with the app, if there is one: else any. */
function shipperOf(pod: Pod): { readonly container: Container; readonly path: string } | undefined {
  const volumes = new Set(mainOf(pod)?.volumeMounts?.map((mount) => mount.name) ?? []);
  const all = besides(pod);
  return all.find(({ container }) => container.volumeMounts?.some((mount) => volumes.has(mount.name))) ?? all[0];
}

function* visit(world: GradingWorld, pod: Pod, path: string): Task<boolean> {
  const address = pod.status?.podIP ?? '';
  const { code, stderr } = yield* world.exec('visitor', 'main', ['wget', '-qO-', '-T', '2', `http://${address}/${path}`]);
  return code === 0 || stderr.includes('404 Not Found');
}

const shippedTimes = (log: string, path: string): number => log.split('\n').filter((line) => line.includes(`/${path} `)).length;

/** Visits the server once and looks for the visit in the sidecar's output. */
function* visitAndLook(world: GradingWorld, pod: Pod): Task<{ readonly path: string; readonly visited: boolean; readonly times: number; readonly container: string }> {
  const path = `visit-${world.token()}`;
  const container = shipperOf(pod)?.container.name ?? '';
  const visited = (yield* world.eventually(seconds(10), function* () { return (yield* visit(world, pod, path)) || undefined; })) ?? false;
  const times = (yield* world.eventually(seconds(10), function* () { return shippedTimes(yield* world.logs(app.name, container), path) || undefined; })) ?? 0;
  return { path, visited, times, container };
}

function* appPod(world: GradingWorld): Task<Pod> {
  return (yield* world.pod(app.name)) as Pod;
}

/** Why a container does not run, in words. */
function whyNot(pod: Pod, name: string): { readonly found: ReturnType<typeof text>; readonly field: string } {
  const status = containerStatusOf(pod, name);
  const reason = status?.state?.waiting?.reason ?? '';
  if (/^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/.test(reason)) return { found: text('컨테이너 `{}`의 이미지를 받지 못했습니다(`{}`).', 'The image of container `{}` cannot be pulled (`{}`).', name, reason), field: '.image' };
  if ((status?.restartCount ?? 0) > 0 || status?.state?.terminated) {
    const code = (status?.lastState?.terminated ?? status?.state?.terminated)?.exitCode ?? 0;
    return { found: text('컨테이너 `{}`의 명령이 종료 코드 {}로 끝나 계속 다시 시작합니다.', 'The command of container `{}` ends with exit code {}, so it keeps being restarted.', name, code), field: '.command' };
  }
  return { found: text('컨테이너 `{}`의 상태는 `{}`입니다.', 'Container `{}` is in state `{}`.', name, reason || pod.status?.phase || 'Pending'), field: '' };
}

function* runs(world: GradingWorld): Task<Verdict> {
  const sick = (pod: Pod): string | undefined => {
    const all = [app.name, ...besides(pod).map(({ container }) => container.name)];
    return all.find((name) => {
      const status = containerStatusOf(pod, name);
      return status?.ready !== true || (status.restartCount ?? 0) > 0;
    });
  };
  const well = yield* world.eventually(seconds(30), function* () { return sick(yield* appPod(world)) === undefined || undefined; });
  yield* world.sleep(seconds(5));
  const pod = yield* appPod(world);
  const name = sick(pod);
  if (well && name === undefined) return pass();
  const { found, field } = whyNot(pod, name ?? app.name);
  const list = pod.spec?.initContainers?.some((container) => container.name === name) ? 'initContainers' : 'containers';
  return fail({
    expected: text('파드 `web`의 컨테이너가 모두 준비되고, 다시 시작하지 않습니다.', 'All containers of the Pod `web` are ready and do not restart.'),
    found,
    why: text('사이드카는 앱이 사는 동안 함께 돌아야 합니다. 끝나 버리는 명령은 그 뒤의 로그를 놓칩니다.', 'A sidecar has to run as long as the app does. A command that ends misses every line that comes after.'),
    at: at(`spec.${list}[name=${name ?? app.name}]${field}`),
  });
}

function* sharedVolume(world: GradingWorld): Task<Verdict> {
  const pod = yield* appPod(world);
  const mine = new Set(mainOf(pod)?.volumeMounts?.map((mount) => mount.name) ?? []);
  const config = new Set((pod.spec?.volumes ?? []).filter((volume) => volume.configMap ?? volume.secret ?? volume.projected).map((volume) => volume.name));
  const shared = besides(pod).some(({ container }) => container.volumeMounts?.some((mount) => mine.has(mount.name) && !config.has(mount.name)));
  if (shared) return pass();
  const path = shipperOf(pod)?.path ?? 'spec.containers';
  return fail({
    expected: text('웹 서버와 사이드카가 같은 볼륨을 마운트합니다.', 'The web server and the sidecar mount the same volume.'),
    found: text('두 컨테이너가 함께 마운트한 볼륨이 없습니다.', 'There is no volume that both containers mount.'),
    why: text('컨테이너의 파일 시스템은 서로 보이지 않습니다. 볼륨만이 한쪽이 쓴 파일을 다른 쪽에 보여 줍니다.', "Containers do not see each other's file systems. Only a volume shows one what the other has written."),
    at: at(`${path}.volumeMounts`),
  });
}

function* shipsLines(world: GradingWorld): Task<Verdict> {
  const pod = yield* appPod(world);
  const { path, visited, times, container } = yield* visitAndLook(world, pod);
  if (visited && times > 0) return pass();
  return fail({
    expected: text('`/{}`에 접속하면 10초 안에 `{}`의 로그에 그 접속이 보입니다.', 'After a visit to `/{}` the log of `{}` shows that visit within 10 seconds.', path, container),
    found: visited
      ? text('접속은 되었지만 `kubectl logs web -c {}`에 그 줄이 없습니다.', 'The visit worked, but that line is not there in `kubectl logs web -c {}`.', container)
      : text('웹 서버가 접속에 답하지 않습니다.', 'The web server does not answer the visit.'),
    why: text('클러스터는 컨테이너의 표준 출력만 로그로 모읍니다. 파일에만 남은 줄은 아무도 모으지 않습니다.', "A cluster collects a container's standard output as its log. Nobody collects what stays in a file."),
    at: at(shipperOf(pod)?.path ?? 'spec.containers'),
  });
}

function* once(world: GradingWorld): Task<Verdict> {
  const pod = yield* appPod(world);
  const { path, container } = yield* visitAndLook(world, pod);
  yield* world.sleep(seconds(6));
  const times = shippedTimes(yield* world.logs(app.name, container), path);
  if (times === 1) return pass();
  return fail({
    expected: text('접속 한 번은 한 줄입니다.', 'One visit is one line.'),
    found: text('접속 한 번이 {} 번 나왔습니다.', 'One visit came out {} times.', times),
    why: text('같은 줄이 거듭 나오면 로그로 세는 모든 수가 틀립니다.', 'If a line comes out again and again, every count made from the log is wrong.'),
    at: at(`${shipperOf(pod)?.path ?? 'spec.containers'}.command`),
  });
}

function* appUntouched(world: GradingWorld): Task<Verdict> {
  const pod = yield* appPod(world);
  const main = mainOf(pod);
  const changed = !main ? '' : main.image !== app.image ? 'image' : main.command ? 'command' : main.args ? 'args' : undefined;
  if (main && changed === undefined) return pass();
  return fail({
    expected: text('컨테이너 `web`은 이미지 `nginx:1.27`을 그대로, 명령 없이 씁니다.', 'Container `web` uses the image `nginx:1.27` as it is, without a command.'),
    found: !main
      ? text('컨테이너 `web`이 없습니다.', 'There is no container `web`.')
      : changed === 'image' ? text('이미지가 `{}`(으)로 바뀌었습니다.', 'The image was changed to `{}`.', main.image ?? '') : text('명령이 바뀌었습니다.', 'The command was changed.'),
    why: text('사이드카의 값은 앱을 건드리지 않고 기능을 더하는 데 있습니다. 앱을 고쳐야 한다면 앱마다 다시 고쳐야 합니다.', 'The point of a sidecar is to add something without touching the app. If the app has to change, every app has to.'),
    at: at(`spec.containers[name=${app.name}]${changed ? `.${changed}` : ''}`),
  });
}

function* exists(world: GradingWorld): Task<Verdict> {
  if (yield* world.pod(app.name)) return pass();
  return fail({
    expected: text('네임스페이스 `default`에 파드 `web`이 있습니다.', 'There is a Pod `web` in the namespace `default`.'),
    found: text('파드 `web`이 없습니다.', 'There is no Pod `web`.'),
    why: text('채점은 클러스터에서 실제로 도는 것을 봅니다. 파일을 적용했는지 확인하십시오.', 'Grading looks at what runs in the cluster. Check that the file was applied.'),
    at: at('metadata.name'),
  });
}

function* hasSidecar(world: GradingWorld): Task<Verdict> {
  const pod = yield* appPod(world);
  if (besides(pod).length > 0) return pass();
  return fail({
    expected: text('파드 `web`에 웹 서버와 함께 도는 컨테이너가 하나 더 있습니다.', 'The Pod `web` has another container that runs beside the web server.'),
    found: text('컨테이너가 하나뿐입니다.', 'There is only one container.'),
    why: text('로그를 내보내는 일은 웹 서버와 다른 관심사입니다. 컨테이너를 나누면 따로 고치고 따로 배포하며 다시 쓸 수 있습니다.', 'Shipping logs is another concern than serving pages. In a container of its own it is changed, released and reused on its own.'),
    at: at('spec.containers'),
  });
}

function* independent(world: GradingWorld): Task<Verdict> {
  const before = yield* appPod(world);
  const shipper = shipperOf(before)?.container.name ?? '';
  yield* world.exec(app.name, app.name, ['nginx', '-s', 'quit']);
  const restarted = yield* world.eventually(seconds(30), function* () {
    const status = containerStatusOf(yield* appPod(world), app.name);
    return (status?.restartCount ?? 0) > 0 && status?.ready ? true : undefined;
  });
  const pod = yield* appPod(world);
  const others = besides(pod).filter(({ container }) => (containerStatusOf(pod, container.name)?.restartCount ?? 0) > 0);
  const { times } = yield* visitAndLook(world, pod);
  if (restarted && others.length === 0 && times > 0) return pass();
  return fail({
    expected: text('웹 서버만 다시 시작해도 `{}`는 그대로이고, 새 접속을 계속 내보냅니다.', 'When only the web server restarts, `{}` stays and keeps shipping new visits.', shipper),
    found: others.length > 0
      ? text('`{}`도 다시 시작했습니다.', '`{}` restarted as well.', others[0]?.container.name ?? '')
      : text('웹 서버가 다시 시작한 뒤의 접속이 로그에 없습니다.', 'Visits after the restart of the web server are not in the log.'),
    why: text('컨테이너마다 수명이 따로여야 한쪽의 고장이 다른 쪽으로 번지지 않습니다.', "Each container has a life of its own, so that one's failure does not become the other's."),
    at: at(`${shipperOf(pod)?.path ?? 'spec.containers'}.command`),
  });
}

export default defineChecks([
  { id: 'exists', title: text('파드 `web`이 있다', 'The Pod `web` is there'), run: exists },
  { id: 'app-untouched', title: text('웹 서버는 그대로다', 'The web server is untouched'), after: ['exists'], run: appUntouched },
  { id: 'has-sidecar', title: text('사이드카가 있다', 'There is a sidecar'), after: ['exists'], run: hasSidecar },
  { id: 'runs', title: text('모두 돌고 있다', 'Everything runs'), after: ['has-sidecar'], run: runs },
  { id: 'shared-volume', title: text('볼륨을 함께 쓴다', 'A volume is shared'), after: ['has-sidecar'], run: sharedVolume },
  { id: 'ships-lines', title: text('접속이 사이드카의 로그에 보인다', "Visits show in the sidecar's log"), after: ['runs'], run: shipsLines },
  { id: 'once', title: text('접속마다 한 줄이다', 'Each visit is one line'), after: ['ships-lines'], run: once },
  { id: 'independent', title: text('하나가 다시 시작해도 다른 하나는 그대로다', 'One restarts, the other stays'), destructive: true, after: ['once'], run: independent },
]);

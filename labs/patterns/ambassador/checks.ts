import type { Pod } from '../../../src/simulator/api';
import { seconds, type Task } from '../../../src/simulator/kernel';
import { companionsOf, containerStatusOf, defineChecks, fail, type GradingWorld, pass, type Place, text, type Verdict } from '../../../src/grading';

const servers = ['redis-a', 'redis-b', 'redis-c'] as const;
const app = { name: 'app', image: 'redis:7-alpine', says: 'redis-cli -h 127.0.0.1 -p 6379 incr visits' };

const inPod = (path: string): readonly Place[] => [{ kind: 'Pod', name: app.name, path }];
const inConfig: readonly Place[] = [{ kind: 'ConfigMap', name: 'ambassador', path: 'data["haproxy.cfg"]' }];

const besides = (pod: Pod) => companionsOf(pod, app.name);

function* appPod(world: GradingWorld): Task<Pod> {
  return (yield* world.pod(app.name)) as Pod;
}

/** One request as the app makes it; what was printed if it failed. */
function* request(world: GradingWorld, ...command: readonly string[]): Task<string | undefined> {
  const { stdout, stderr, code } = yield* world.exec(app.name, app.name, ['redis-cli', '-h', '127.0.0.1', '-p', '6379', ...command]);
  const printed = `${stdout}${stderr}`.trim();
  return code === 0 && !/error|refused|closed/i.test(printed) ? undefined : printed || `exit code ${code}`;
}

function* exists(world: GradingWorld): Task<Verdict> {
  if (yield* world.pod(app.name)) return pass();
  return fail({
    expected: text('네임스페이스 `default`에 파드 `app`이 있습니다.', 'There is a Pod `app` in the namespace `default`.'),
    found: text('파드 `app`이 없습니다.', 'There is no Pod `app`.'),
    why: text('채점은 클러스터에서 실제로 도는 것을 봅니다. 파일을 적용했는지 확인하십시오.', 'Grading looks at what runs in the cluster. Check that the files were applied.'),
    at: inPod('metadata.name'),
  });
}

function* appUntouched(world: GradingWorld): Task<Verdict> {
  const main = (yield* appPod(world)).spec?.containers.find((container) => container.name === app.name);
  const script = (main?.command ?? []).join(' ');
  const sameImage = main?.image === app.image;
  if (main && sameImage && script.includes(app.says) && !main.args && !main.env) return pass();
  return fail({
    expected: text('컨테이너 `app`은 이미지와 명령이 처음 그대로입니다.', 'Container `app` has the image and the command that it had at first.'),
    found: !main ? text('컨테이너 `app`이 없습니다.', 'There is no container `app`.')
      : sameImage ? text('앱의 명령이 바뀌었습니다.', "The app's command was changed.")
        : text('앱의 이미지가 `{}`(으)로 바뀌었습니다.', "The app's image was changed to `{}`.", main.image ?? ''),
    why: text('앱은 서버가 몇 대인지, 어디에 있는지 몰라야 합니다. 그것을 아는 일이 앰배서더의 몫입니다.', 'The app must not know how many servers there are or where. Knowing that is the job of the ambassador.'),
    at: inPod(`spec.containers[name=app].${sameImage ? 'command' : 'image'}`),
  });
}

function* hasAmbassador(world: GradingWorld): Task<Verdict> {
  if (besides(yield* appPod(world)).length > 0) return pass();
  return fail({
    expected: text('파드 `app` 안에 앱과 함께 도는 앰배서더 컨테이너가 있습니다.', 'Inside the Pod `app` an ambassador container runs beside the app.'),
    found: text('파드 안의 컨테이너는 앱뿐입니다.', 'The only container in the Pod is only the app.'),
    why: text('앱이 localhost로 닿을 수 있는 것은 같은 파드의 컨테이너뿐입니다.', 'Through localhost the app reaches nothing but containers of its own Pod.'),
    at: inPod('spec.containers'),
  });
}

function* runs(world: GradingWorld): Task<Verdict> {
  const sick = (pod: Pod) => besides(pod).find(({ container }) => {
    const status = containerStatusOf(pod, container.name);
    return status?.ready !== true || (status.restartCount ?? 0) > 0;
  });
  yield* world.eventually(seconds(30), function* () { return sick(yield* appPod(world)) ? undefined : true; });
  yield* world.sleep(seconds(3));
  const pod = yield* appPod(world);
  const found = sick(pod);
  if (!found) return pass();
  const { name } = found.container;
  const status = containerStatusOf(pod, name);
  const log = `${yield* world.logs(app.name, name)}\n${yield* world.logs(app.name, name, { previous: true })}`;
  const complaint = log.split('\n').find((line) => line.includes('[ALERT]'));
  return fail({
    expected: text('앰배서더 `{}`이(가) 준비되고 다시 시작하지 않습니다.', 'The ambassador `{}` is ready and does not restart.', name),
    found: complaint
      ? text('앰배서더가 시작하면서 이렇게 말하고 끝났습니다: `{}`', 'As it started the ambassador said this and ended: `{}`', complaint.trim())
      : (status?.restartCount ?? 0) > 0 ? text('앰배서더가 계속 다시 시작합니다.', 'The ambassador keeps being restarted.')
        : text('앰배서더의 상태는 `{}`입니다.', 'The ambassador is in state `{}`.', status?.state?.waiting?.reason ?? 'Pending'),
    why: text('앰배서더가 없으면 앱이 말을 걸 상대가 없습니다. 프록시는 설정이 틀리면 아예 시작하지 않습니다.', 'Without the ambassador the app has nobody to speak to. A proxy whose configuration is wrong does not even start.'),
    at: complaint?.includes('haproxy.cfg:') ? [...inConfig, ...inPod(found.path)] : inPod(found.path),
  });
}

function* answers(world: GradingWorld): Task<Verdict> {
  let complaint: string | undefined = '';
  yield* world.eventually(seconds(10), function* () {
    complaint = yield* request(world, 'ping');
    return complaint === undefined ? true : undefined;
  });
  if (complaint === undefined) return pass();
  return fail({
    expected: text('앱에서 `redis-cli -h 127.0.0.1 ping`이 `PONG`을 받습니다.', 'From the app `redis-cli -h 127.0.0.1 ping` gets `PONG`.'),
    found: text('답은 이랬습니다: `{}`', 'The answer was: `{}`', complaint),
    why: text('앱이 아는 주소는 `127.0.0.1:6379` 하나입니다. 앰배서더는 바로 그곳에서 받아야 합니다.', 'The one address that the app knows is `127.0.0.1:6379`. That is where the ambassador has to listen.'),
    at: [...inConfig, ...inPod('spec.containers')],
  });
}

function* served(world: GradingWorld, server: string): Task<number> {
  const { stdout } = yield* world.exec(server, 'redis', ['redis-cli', 'get', 'visits']);
  return Number(stdout.trim()) || 0;
}

function* spread(world: GradingWorld): Task<Verdict> {
  const before: number[] = [];
  for (const server of servers) before.push(yield* served(world, server));
  for (let i = 0; i < 15; i++) yield* request(world, 'incr', 'visits');
  const counts: number[] = [];
  for (const [index, server] of servers.entries()) counts.push((yield* served(world, server)) - (before[index] as number));
  const idle = servers.filter((_, index) => (counts[index] as number) < 1);
  if (idle.length === 0) return pass();
  return fail({
    expected: text('요청 15개가 서버 3대에 모두 닿습니다.', 'Of 15 requests each of the 3 servers gets some.'),
    found: text('서버마다 받은 요청은 {}입니다. `{}`에는 요청이 하나도 가지 않았습니다.', 'The servers got {}. `{}` did not get a single request.', servers.map((server, index) => `${server}=${counts[index]}`).join(', '), idle.join('`, `')),
    why: text('한 대에 몰리면 나머지는 놀고, 그 한 대가 죽으면 모두 멈춥니다.', 'If all goes to one, the others are idle, and when that one dies everything stops.'),
    at: inConfig,
  });
}

function* survives(world: GradingWorld): Task<Verdict> {
  yield* world.client.delete({ group: '', version: 'v1', resource: 'pods' }, world.namespace, 'redis-b', { gracePeriodSeconds: 1 });
  yield* world.eventually(seconds(20), function* () { return (yield* world.pod('redis-b')) ? undefined : true; });
  const complaints: string[] = [];
  for (let i = 0; i < 30; i++) {
    const complaint = yield* request(world, 'incr', 'visits');
    if (complaint !== undefined) complaints.push(complaint);
  }
  if (complaints.length === 0) return pass();
  return fail({
    expected: text('서버 `redis-b`가 사라져도 앱의 요청 30개가 모두 성공합니다.', 'When the server `redis-b` goes away all of 30 requests of the app succeed.'),
    found: text('30개 가운데 {}개가 실패했습니다: `{}`', '{} of 30 failed: `{}`', complaints.length, complaints[0] as string),
    why: text('서버는 언제든 사라집니다. 앱 대신 그것을 알아채고 다른 서버로 돌리는 일이 앰배서더를 두는 까닭입니다.', 'Servers go away at any time. Noticing that for the app and turning to another server is what an ambassador is for.'),
    at: inConfig,
  });
}

export default defineChecks([
  { id: 'exists', title: text('파드 `app`이 있다', 'The Pod `app` is there'), run: exists },
  { id: 'app-untouched', title: text('앱은 그대로다', 'The app is untouched'), after: ['exists'], run: appUntouched },
  { id: 'has-ambassador', title: text('앱과 같은 파드에 앰배서더가 있다', "An ambassador is in the app's Pod"), after: ['exists'], run: hasAmbassador },
  { id: 'runs', title: text('앰배서더가 돌고 있다', 'The ambassador runs'), after: ['has-ambassador'], run: runs },
  { id: 'answers', title: text('localhost에서 레디스가 답한다', 'Redis answers on localhost'), after: ['runs'], run: answers },
  { id: 'spread', title: text('요청이 서버 3대에 모두 닿는다', 'Requests reach all three servers'), after: ['answers'], run: spread },
  { id: 'survives', title: text('한 대가 죽어도 요청을 잃지 않는다', 'One server dies, no request is lost'), destructive: true, after: ['spread'], run: survives },
]);

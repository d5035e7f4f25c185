import type { Pod } from '../../../src/simulator/api';
import { seconds, type Task } from '../../../src/simulator/kernel';
import { companionsOf, containerStatusOf, defineChecks, fail, type GradingWorld, parseMetrics, pass, type Place, type Sample, text, type Verdict } from '../../../src/grading';

/** The two apps: which container is the app itself, and what it was at first. */
const apps = [
  { pod: 'cache', container: 'redis', image: 'redis:7' },
  { pod: 'web', container: 'nginx', image: 'nginx:1.27' },
] as const;
type App = (typeof apps)[number];

const metrics = ['app_up', 'app_requests_total', 'app_connections'] as const;

const inPod = (app: App, path: string): readonly Place[] => [{ kind: 'Pod', name: app.pod, path }];
const inScript = (app: App): readonly Place[] => [{ kind: 'ConfigMap', name: `${app.pod}-adapter`, path: 'data["adapter.sh"]' }];

const besides = (pod: Pod, app: App) => companionsOf(pod, app.container);

function* podOf(world: GradingWorld, app: App): Task<Pod> {
  return (yield* world.pod(app.pod)) as Pod;
}

/** What the monitor gets from a Pod: the page, or what wget complained of. */
function* scrape(world: GradingWorld, app: App): Task<{ readonly page?: string; readonly complaint: string }> {
  const address = (yield* podOf(world, app)).status?.podIP ?? '';
  const { stdout, stderr, code } = yield* world.exec('monitor', 'main', ['wget', '-qO-', '-T', '3', `http://${address}:9100/metrics`]);
  return code === 0 ? { page: stdout, complaint: '' } : { complaint: stderr.trim() || `exit code ${code}` };
}

const value = (samples: readonly Sample[], name: string): number | undefined => samples.find((sample) => sample.name === name)?.value;

function* samplesOf(world: GradingWorld, app: App): Task<readonly Sample[]> {
  return parseMetrics((yield* scrape(world, app)).page ?? '') ?? [];
}

/** The first app of which `judge` finds something to say decides. */
function* forEachApp(judge: (app: App) => Task<Verdict>): Task<Verdict> {
  for (const app of apps) {
    const verdict = yield* judge(app);
    if (!verdict.passed) return verdict;
  }
  return pass();
}

const exists = (world: GradingWorld) => forEachApp(function* (app) {
  if (yield* world.pod(app.pod)) return pass();
  return fail({
    expected: text('네임스페이스 `default`에 파드 `{}`가 있습니다.', 'There is a Pod `{}` in the namespace `default`.', app.pod),
    found: text('파드 `{}`가 없습니다.', 'There is no Pod `{}`.', app.pod),
    why: text('채점은 클러스터에서 실제로 도는 것을 봅니다. 파일을 적용했는지 확인하십시오.', 'Grading looks at what runs in the cluster. Check that the files were applied.'),
    at: inPod(app, 'metadata.name'),
  });
});

const appUntouched = (world: GradingWorld) => forEachApp(function* (app) {
  const main = (yield* podOf(world, app)).spec?.containers.find((container) => container.name === app.container);
  const changed = main?.image !== app.image ? 'image' : main?.command ? 'command' : main?.args ? 'args' : undefined;
  if (main && changed === undefined) return pass();
  return fail({
    expected: text('컨테이너 `{}`는 이미지 `{}`를 그대로, 명령 없이 씁니다.', 'Container `{}` uses the image `{}` as it is, without a command.', app.container, app.image),
    found: text('컨테이너 `{}`의 `{}`가 바뀌었습니다.', 'Of container `{}`, `{}` was changed.', app.container, changed ?? 'name'),
    why: text('어댑터는 앱이 말하는 형식을 바깥에서 바꿉니다. 앱을 고칠 수 있다면 어댑터가 필요 없습니다.', 'An adapter changes the form of what an app says from the outside. Who can change the app needs none.'),
    at: inPod(app, `spec.containers[name=${app.container}].${changed ?? 'name'}`),
  });
});

const hasAdapter = (world: GradingWorld) => forEachApp(function* (app) {
  if (besides(yield* podOf(world, app), app).length > 0) return pass();
  return fail({
    expected: text('파드 `{}`에 앱과 함께 도는 어댑터가 있습니다.', 'In the Pod `{}` an adapter runs beside the app.', app.pod),
    found: text('파드 안의 컨테이너는 앱뿐입니다.', 'The only container in the Pod is only the app.'),
    why: text('어댑터가 파드 안에 있어야 앱을 localhost로 보고, 앱과 함께 늘고 함께 사라집니다.', 'Inside the Pod the adapter sees the app on localhost, and multiplies and goes away with it.'),
    at: inPod(app, 'spec.containers'),
  });
});

const runs = (world: GradingWorld) => forEachApp(function* (app) {
  const sick = (pod: Pod) => besides(pod, app).find(({ container }) => {
    const status = containerStatusOf(pod, container.name);
    return status?.ready !== true || (status.restartCount ?? 0) > 0;
  });
  yield* world.eventually(seconds(30), function* () { return sick(yield* podOf(world, app)) ? undefined : true; });
  yield* world.sleep(seconds(2));
  const pod = yield* podOf(world, app);
  const found = sick(pod);
  if (!found) return pass();
  const status = containerStatusOf(pod, found.container.name);
  return fail({
    expected: text('파드 `{}`의 어댑터가 준비되고 다시 시작하지 않습니다.', 'The adapter of the Pod `{}` is ready and does not restart.', app.pod),
    found: (status?.restartCount ?? 0) > 0
      ? text('컨테이너 `{}`가 계속 다시 시작합니다.', 'Container `{}` keeps being restarted.', found.container.name)
      : text('컨테이너 `{}`의 상태는 `{}`입니다.', 'Container `{}` is in state `{}`.', found.container.name, status?.state?.waiting?.reason ?? 'Pending'),
    why: text('모니터는 언제든 읽으러 옵니다. 그때 어댑터가 없으면 앱이 죽은 것과 구별되지 않습니다.', 'A monitor comes to read at any time. If the adapter is not there then, that looks just like an app that is dead.'),
    at: inPod(app, found.path),
  });
});

const scraped = (world: GradingWorld) => forEachApp(function* (app) {
  let complaint = '';
  yield* world.eventually(seconds(15), function* () {
    const answer = yield* scrape(world, app);
    complaint = answer.complaint;
    return answer.page === undefined ? undefined : true;
  });
  if (complaint === '') return pass();
  const adapter = besides(yield* podOf(world, app), app)[0]?.path ?? 'spec.containers';
  return fail({
    expected: text('모니터가 파드 `{}`의 `:9100/metrics`를 읽습니다.', 'The monitor reads `:9100/metrics` of the Pod `{}`.', app.pod),
    found: text('모니터가 받은 답: `{}`', 'What the monitor got: `{}`', complaint),
    why: text('모든 앱이 같은 포트와 경로에서 답해야 모니터의 설정이 한 줄로 끝납니다.', "If all apps answer at one port and path, the monitor's configuration is one line."),
    at: inPod(app, adapter),
  });
});

const readable = (world: GradingWorld) => forEachApp(function* (app) {
  const { page = '' } = yield* scrape(world, app);
  const bad = page.includes('\r') ? page.split('\n').find((line) => line.includes('\r')) : parseMetrics(page) ? undefined : page.split('\n').find((line) => line.trim() !== '' && parseMetrics(line) === undefined);
  if (bad === undefined) return pass();
  return fail({
    expected: text('파드 `{}`의 모든 줄이 프로메테우스 텍스트 형식입니다: 이름, 빈칸, 수.', 'Every line of the Pod `{}` is in the Prometheus text format: a name, a space, a number.', app.pod),
    found: text('`{}`은(는) 프로메테우스 텍스트 형식이 아닙니다.', '`{}` is not in the Prometheus text format.', JSON.stringify(bad).slice(1, -1)),
    why: text('한 줄만 틀려도 모니터는 그 페이지를 통째로 버립니다.', 'With a single wrong line the monitor throws the whole page away.'),
    at: inScript(app),
  });
});

const sameNames = (world: GradingWorld) => forEachApp(function* (app) {
  const samples = yield* samplesOf(world, app);
  const missing = metrics.filter((name) => value(samples, name) === undefined);
  if (missing.length === 0) return pass();
  const adapter = besides(yield* podOf(world, app), app)[0]?.path ?? 'spec.containers';
  return fail({
    expected: text('파드 `{}`도 `{}`를 냅니다.', 'The Pod `{}` serves `{}` as well.', app.pod, metrics.join('`, `')),
    found: text('`{}`가 없습니다. 있는 것은 `{}` 등 {}가지입니다.', '`{}` is missing. There is `{}` and so on, {} in all.', missing.join('`, `'), samples[0]?.name ?? '-', samples.length),
    why: text('이름이 앱마다 다르면 대시보드와 알림도 앱마다 따로 만들어야 합니다. 이름을 하나로 맞추는 것이 어댑터의 일입니다.', 'If every app has names of its own, every app needs dashboards and alerts of its own. Making the names one is what an adapter does.'),
    at: [...inScript(app), ...inPod(app, adapter)],
  });
});

function* makeRequests(world: GradingWorld, app: App, count: number): Task {
  const address = (yield* podOf(world, app)).status?.podIP ?? '';
  for (let i = 0; i < count; i++) {
    if (app.pod === 'cache') yield* world.exec(app.pod, app.container, ['redis-cli', 'set', `request-${i}`, 'x']);
    else yield* world.exec('monitor', 'main', ['wget', '-qO-', '-T', '3', `http://${address}/`]);
  }
}

const trueValues = (world: GradingWorld) => forEachApp(function* (app) {
  const before = value(yield* samplesOf(world, app), 'app_requests_total') ?? 0;
  yield* makeRequests(world, app, 20);
  yield* world.sleep(seconds(4));
  const samples = yield* samplesOf(world, app);
  const grown = (value(samples, 'app_requests_total') ?? 0) - before;
  const up = value(samples, 'app_up');
  if (grown >= 20 && up === 1) return pass();
  return fail({
    expected: text('`{}`에 요청 20건을 보내면 `app_requests_total`이 20 이상 늘고, `app_up`은 1입니다.', 'After 20 requests to `{}`, `app_requests_total` has grown by 20 or more and `app_up` is 1.', app.pod),
    found: grown >= 20
      ? text('`app_up`이 {}입니다.', '`app_up` is {}.', up ?? '-')
      : text('`app_requests_total`이 그만큼 늘지 않았습니다({}에서 {}).', '`app_requests_total` did not grow by that much ({} to {}).', before, before + grown),
    why: text('이름이 같아도 뜻이나 단위가 다르면 모니터는 다른 것을 같은 것으로 더합니다.', 'If the names agree but meaning or unit does not, the monitor adds up what is not the same.'),
    at: [...inScript(app), ...inPod(app, 'spec.containers')],
  });
});

export default defineChecks([
  { id: 'exists', title: text('파드 `web`과 `cache`가 있다', 'The Pods `web` and `cache` are there'), run: exists },
  { id: 'app-untouched', title: text('앱은 그대로다', 'The apps are untouched'), after: ['exists'], run: appUntouched },
  { id: 'has-adapter', title: text('앱마다 어댑터가 있다', 'Each app has an adapter'), after: ['exists'], run: hasAdapter },
  { id: 'runs', title: text('어댑터가 돌고 있다', 'The adapters run'), after: ['has-adapter'], run: runs },
  { id: 'scraped', title: text('모니터가 같은 주소에서 읽는다', 'The monitor reads at one address'), after: ['runs'], run: scraped },
  { id: 'readable', title: text('모니터가 아는 형식이다', 'The form is one that the monitor knows'), after: ['scraped'], run: readable },
  { id: 'same-names', title: text('메트릭의 이름이 같다', 'The metrics have the same names'), after: ['readable'], run: sameNames },
  { id: 'true-values', title: text('값이 참이고 단위가 같다', 'The values are true, the units the same'), destructive: true, after: ['same-names'], run: trueValues },
]);

/**
 * Which folder may import which: the table of the simulator's README, default deny. A folder is imported by its index
 * alone. Tests and benches may import anything.
 */
const table = {
  kernel: [],
  api: ['kernel'],
  raft: ['kernel'],
  etcd: ['raft', 'kernel'],
  apiserver: ['etcd', 'api', 'kernel'],
  client: ['api', 'kernel'],
  scheduler: ['client', 'api', 'kernel'],
  controllers: ['client', 'api', 'kernel'],
  network: ['kernel'],
  runtime: ['network', 'kernel'],
  kubelet: ['client', 'api', 'kernel', 'runtime', 'network'],
  'kube-proxy': ['client', 'api', 'kernel', 'network'],
  dns: ['client', 'api', 'kernel', 'network', 'runtime'],
  addons: ['client', 'api', 'kernel', 'network', 'runtime'],
  kubectl: ['client', 'api', 'kernel'],
};
const folders = Object.keys(table);
const simulator = '^src/simulator/';
const code = { pathNot: '\\.(test|bench|test-support)\\.ts$' };
/** Libraries that the simulator may use: they know no host either. */
const libraries = '^node_modules/(yaml|fflate)/';

const layers = folders.map((folder) => ({
  name: `${folder}-imports`,
  severity: 'error',
  comment: `${folder} may import ${table[folder].join(', ') || 'nothing'}`,
  from: { path: `${simulator}${folder}/`, ...code },
  to: { pathNot: [`${simulator}(${[folder, ...table[folder]].join('|')})/`, libraries] },
}));

module.exports = {
  forbidden: [
    ...layers,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'public-face-only', severity: 'error', comment: 'a folder is imported by its index',
      from: { path: `${simulator}([^/]+)/`, ...code },
      to: { path: `${simulator}([^/]+)/.+`, pathNot: [`${simulator}$1/`, `${simulator}[^/]+/index\\.ts$`] },
    },
    {
      name: 'cluster-is-the-entry', severity: 'error', comment: 'outside, only cluster, api and kernel are seen',
      from: { path: '^src/(components|bridge|cli|grading)/|^labs/', ...code },
      to: { path: simulator, pathNot: [`${simulator}(cluster|cluster/software|api|kernel|client)/index\\.ts$`] },
    },
    { name: 'grading-imports', severity: 'error', from: { path: '^src/grading/|^labs/', ...code }, to: { pathNot: ['^src/grading/', '^labs/', `${simulator}(client|api|kernel)/index\\.ts$`, '^node_modules/(zod|yaml)/'] } },
    { name: 'components-imports', severity: 'error', from: { path: '^src/components/', ...code }, to: { path: '^src/(bridge|cli)/' } },
    { name: 'bridge-imports', severity: 'error', from: { path: '^src/bridge/', ...code }, to: { path: '^src/(components|cli|grading)/' } },
    { name: 'cluster-imports', severity: 'error', from: { path: `${simulator}cluster/`, ...code }, to: { pathNot: [simulator, libraries] } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.module\\.css$', '/generated/', '/testdata/', '\\.test\\.ts$', '\\.bench\\.ts$'] },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};

import type { Text } from './text';

/** Every word of the interface. Korean first: buttons and labels are nouns. */
export const ui = {
  // lab card and bench frame
  lab: { ko: '실습', en: 'Lab' },
  openLab: { ko: '실습 열기', en: 'Open the lab' },
  resumeLab: { ko: '실습 이어하기', en: 'Resume the lab' },
  openCluster: { ko: '클러스터 열기', en: 'Open a cluster' },
  close: { ko: '닫기', en: 'Close' },
  closeLab: { ko: '실습 닫기', en: 'Close the lab' },
  next: { ko: '다음', en: 'Next' },
  stamped: { ko: '도장 받음', en: 'Stamped' },
  notStamped: { ko: '아직 도장 없음', en: 'Not stamped yet' },
  passed: { ko: '통과', en: 'Passed' },
  missingLab: { ko: '이 실습은 아직 없습니다.', en: 'This lab does not exist yet.' },
  labGround: {
    ko: '브라우저 안에서 쿠버네티스 1.36 클러스터가 시작됩니다. 설치와 계정은 필요 없습니다.',
    en: 'A Kubernetes 1.36 cluster starts inside your browser. Nothing to install, no account.',
  },
  wantsWide: {
    ko: '실습은 편집기와 터미널을 나란히 둡니다. 너비 1024px 이상 화면에서 더 편합니다.',
    en: 'A lab puts an editor beside a terminal. It is more comfortable on a screen at least 1024 px wide.',
  },
  starting: { ko: '클러스터를 시작하는 중입니다', en: 'Starting the cluster' },
  loading: { ko: '불러오는 중입니다', en: 'Loading' },
  failedToStart: { ko: '클러스터를 시작하지 못했습니다', en: 'The cluster did not start' },
  crashed: { ko: '시뮬레이터가 멈췄습니다', en: 'The simulator has stopped' },
  crashedHelp: {
    ko: '파일은 저장되어 있습니다. 클러스터를 다시 시작하면 처음 상태에서 이어집니다.',
    en: 'Your files are saved. Restarting the cluster brings it back to its first state.',
  },
  restartCluster: { ko: '클러스터 재시작', en: 'Restart the cluster' },
  offline: {
    ko: '네트워크 연결이 없습니다. 열려 있는 클러스터는 그대로 동작합니다.',
    en: 'You are offline. The cluster that is open keeps working.',
  },
  offlineLoad: {
    ko: '네트워크 연결이 없어 필요한 파일을 받지 못했습니다. 연결을 확인하고 다시 시도하십시오.',
    en: 'A file could not be fetched because you are offline. Check the connection and try again.',
  },
  retry: { ko: '재시도', en: 'Try again' },
  transferHelp: {
    ko: '다른 컴퓨터나 브라우저로 옮기려면 내보낸 파일을 그곳에서 가져옵니다. 파일과 도장이 함께 옮겨집니다.',
    en: 'To move to another computer or browser, export here and import there. Files and stamps go along.',
  },
  notSaved: {
    ko: '브라우저 저장 공간에 쓸 수 없어 진도가 저장되지 않습니다.',
    en: 'This browser refuses storage, so progress is not being saved.',
  },

  // task
  task: { ko: '과제', en: 'Task' },
  steps: { ko: '순서', en: 'Steps' },
  hints: { ko: '힌트', en: 'Hints' },
  hint: { ko: '힌트', en: 'Hint' },
  nextHint: { ko: '다음 힌트', en: 'Next hint' },

  // editor
  editor: { ko: '편집기', en: 'Editor' },
  files: { ko: '파일', en: 'Files' },
  noFiles: { ko: '파일이 없습니다. 터미널에서 만들면 여기에 나타납니다.', en: 'No files. One made in the terminal appears here.' },
  apply: { ko: '저장·적용', en: 'Save & apply' },
  leaveEditor: { ko: 'Esc 다음 Tab: 편집기에서 나가기', en: 'Esc then Tab leaves the editor' },
  saved: { ko: '저장됨', en: 'Saved' },
  run: { ko: '실행', en: 'Run' },

  // terminal
  terminal: { ko: '터미널', en: 'Terminal' },
  leaveTerminal: { ko: 'Esc 다음 Tab: 터미널에서 나가기', en: 'Esc then Tab leaves the terminal' },
  terminalClosed: { ko: '셸이 끝났습니다.', en: 'The shell has ended.' },
  newShell: { ko: '새 셸', en: 'New shell' },

  tryHere: { ko: '해 보기', en: 'Try it' },
  tryHint: {
    ko: '명령을 누르면 브라우저 안에서 클러스터가 시작되고 그 명령이 실행됩니다. 다른 명령을 직접 입력해도 됩니다.',
    en: 'Press a command: a cluster starts inside your browser and runs it. Type others of your own.',
  },

  // map
  map: { ko: '클러스터', en: 'Cluster' },
  nodes: { ko: '노드', en: 'Nodes' },
  unscheduled: { ko: '노드 배정 전', en: 'Not on a node yet' },
  noPods: { ko: '파드 없음', en: 'No Pods' },
  containers: { ko: '컨테이너', en: 'Containers' },
  initContainer: { ko: '초기화', en: 'init' },
  sidecarContainer: { ko: '사이드카', en: 'sidecar' },
  systemPods: { ko: '시스템 파드', en: 'System Pods' },
  deletePod: { ko: '삭제', en: 'Delete' },

  // traffic
  traffic: { ko: 'API 요청', en: 'API requests' },
  who: { ko: '요청자', en: 'Who' },
  verb: { ko: '동사', en: 'Verb' },
  path: { ko: '경로', en: 'Path' },
  code: { ko: '코드', en: 'Code' },
  time: { ko: '시각', en: 'Time' },
  writesOnly: { ko: '변경만', en: 'Writes only' },
  everyone: { ko: '모두', en: 'Everyone' },
  noTraffic: { ko: '아직 요청이 없습니다.', en: 'No requests yet.' },

  // clock
  clock: { ko: '시계', en: 'Clock' },
  pause: { ko: '일시정지', en: 'Pause' },
  resume: { ko: '재개', en: 'Resume' },
  step: { ko: '한 단계', en: 'Step' },
  speed: { ko: '속도', en: 'Speed' },
  elapsed: { ko: '클러스터 시각', en: 'Cluster time' },

  // checks
  checks: { ko: '채점 결과', en: 'Checks' },
  grade: { ko: '채점', en: 'Grade' },
  grading: { ko: '채점하는 중입니다', en: 'Grading' },
  notGraded: { ko: '아직 채점하지 않았습니다.', en: 'Not graded yet.' },
  noChecks: { ko: '이 실습에는 채점 항목이 없습니다.', en: 'This lab has no checks.' },
  pending: { ko: '대기', en: 'Pending' },
  failed: { ko: '미통과', en: 'Not yet' },
  skipped: { ko: '건너뜀', en: 'Skipped' },
  expected: { ko: '기대', en: 'Expected' },
  found: { ko: '실제', en: 'Found' },
  why: { ko: '이유', en: 'Why' },
  evidence: { ko: '근거가 된 이벤트', en: 'Events behind it' },
  gradeFailed: { ko: '채점을 마치지 못했습니다', en: 'Grading did not finish' },
  compare: { ko: '해답과 비교', en: 'Compare with the solution' },
  yours: { ko: '내 파일', en: 'Yours' },
  solution: { ko: '해답', en: 'Solution' },

  // reset, progress
  reset: { ko: '초기화', en: 'Start over' },
  resetQuestion: {
    ko: '파일과 클러스터가 처음 상태로 돌아갑니다. 받은 도장은 남습니다.',
    en: 'Files and cluster go back to their first state. A stamp you have stays.',
  },
  cancel: { ko: '취소', en: 'Cancel' },
  stamps: { ko: '도장첩', en: 'Stamps' },
  stampsIntro: {
    ko: '실습을 통과할 때마다 도장이 찍힙니다. 기록은 이 브라우저에만 있습니다.',
    en: 'Each lab you pass earns a stamp. The record is kept in this browser alone.',
  },
  noLabs: { ko: '아직 실습이 없습니다.', en: 'There are no labs yet.' },
  export: { ko: '내보내기', en: 'Export' },
  import: { ko: '가져오기', en: 'Import' },
  imported: { ko: '진도를 가져왔습니다.', en: 'Progress imported.' },
  importFailed: { ko: '쿠버 도장의 진도 파일이 아닙니다.', en: 'This is not a Kube Dojang progress file.' },

  // pages
  notFound: { ko: '페이지를 찾을 수 없습니다', en: 'Page not found' },
  notFoundHelp: { ko: '주소가 바뀌었거나 잘못 입력되었습니다.', en: 'The address has changed or was mistyped.' },
  home: { ko: '첫 페이지', en: 'Home page' },
  broken: { ko: '이 부분을 표시하지 못했습니다', en: 'This part could not be shown' },
} as const satisfies Readonly<Record<string, Text>>;

/** Texts with something in them. */
export const phrase = {
  minutes: (count: number): Text => ({ ko: `${count}분`, en: `${count} min` }),
  putCommand: (command: string): Text => ({ ko: `터미널에 쓰기: ${command}`, en: `Put into the terminal: ${command}` }),
  hintsShown: (shown: number, all: number): Text => ({ ko: `힌트 ${all}개 중 ${shown}개`, en: `${shown} of ${all} hints` }),
  restarts: (count: number): Text => ({ ko: `재시작 ${count}회`, en: count === 1 ? '1 restart' : `${count} restarts` }),
  systemPods: (count: number): Text => ({ ko: `시스템 파드 ${count}개`, en: count === 1 ? '1 system Pod' : `${count} system Pods` }),
  ready: (ready: number, all: number): Text => ({ ko: `준비된 컨테이너 ${ready}/${all}`, en: `${ready}/${all} containers ready` }),
  line: (file: string, line: number): Text => ({ ko: `${file} ${line}행`, en: `${file}, line ${line}` }),
  checksPassed: (passed: number, all: number): Text => ({ ko: `${all}개 중 ${passed}개 통과`, en: `${passed} of ${all} passed` }),
  stampedOn: (date: string): Text => ({ ko: `${date} 도장 받음`, en: `Stamped on ${date}` }),
  dropped: (count: number): Text => ({ ko: `앞선 요청 ${count}건은 표시하지 않습니다`, en: `${count} earlier requests are not shown` }),
  deletePod: (name: string): Text => ({ ko: `파드 ${name} 삭제`, en: `Delete Pod ${name}` }),
  exitCode: (code: number): Text => ({ ko: `종료 코드 ${code}`, en: `exit code ${code}` }),
  morePods: (count: number): Text => ({ ko: `파드 ${count}개 더 있음`, en: `${count} more Pods` }),
} as const;

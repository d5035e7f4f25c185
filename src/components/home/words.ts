import type { Text } from '../text/text';

/** The home page's own words. */
export const words = {
  headline: { ko: '클러스터를 켜고, 고장\u00a0내고, 고치며 배웁니다', en: 'Start a cluster. Break it. Put it right.' },
  intro: {
    ko: '쿠버 도장은 컨테이너 디자인 패턴과 쿠버네티스 컴포넌트를 익히는 과정입니다. 쿠버네티스 1.36 클러스터가 이 페이지 안에서 돌아갑니다. 설치도 계정도 서버도 필요 없습니다.',
    en: 'Kube Dojang teaches container design patterns and the components of Kubernetes. A Kubernetes 1.36 cluster runs inside this page. No install, no account, no server.',
  },
  try: {
    ko: '이 페이지의 클러스터는 그림이 아닙니다. 파드를 삭제하고 레플리카셋이 다시 만드는 과정을 보십시오.',
    en: 'The cluster on this page is not a drawing. Delete a Pod and watch the ReplicaSet replace it.',
  },
  begin: { ko: '과정 시작', en: 'Begin the course' },
  stamps: { ko: '도장첩', en: 'Stamps' },
  starting: { ko: '클러스터를 시작하는 중입니다…', en: 'Starting the cluster…' },
  readTitle: { ko: '읽기', en: 'Read' },
  read: { ko: '정의보다 문제를 먼저 다룹니다. 한 과는 10분이면 읽습니다. 옛 용어는 지금의 용어와 나란히 설명합니다.', en: 'Problems come before definitions. A lesson takes ten minutes. Old terms stand beside what they are called today.' },
  doTitle: { ko: '실습', en: 'Do' },
  do: { ko: '편집기와 터미널로 클러스터를 직접 다룹니다. 채점은 매니페스트의 글자가 아니라 클러스터의 동작을 봅니다.', en: 'Work on the cluster with an editor and a terminal. Grading judges what the cluster does, not how the manifest is spelt.' },
  stampTitle: { ko: '도장', en: 'Earn stamps' },
  stamp: { ko: '실습을 통과하면 도장을 받습니다. 틀리면 무엇이 다른지, 매니페스트의 몇 행 때문인지 알려 줍니다.', en: 'A passed lab earns a stamp. A failed one says what differs and which line of your manifest is behind it.' },
} as const satisfies Readonly<Record<string, Text>>;

import type { Language, Text } from '../grading/text';
import { containers } from './containers';
import type { FieldDocs } from './docs';
import { objects } from './objects';
import { pods } from './pods';
import { policies } from './policies';
import { scheduling } from './scheduling';
import { services } from './services';
import { volumes } from './volumes';
import { workloads } from './workloads';

const docs: FieldDocs = { ...objects, ...pods, ...containers, ...volumes, ...scheduling, ...workloads, ...services, ...policies };

/** What every object has, whatever its kind. */
const ofEveryObject: Readonly<Record<string, Text>> = {
  apiVersion: { ko: '오브젝트를 적은 API의 그룹과 버전입니다. 예: v1, apps/v1', en: 'APIVersion defines the group and version that the object is written in, such as v1 or apps/v1.' },
  kind: { ko: '오브젝트의 종류입니다.', en: 'The kind of object.' },
  metadata: { ko: '이름, 레이블처럼 모든 오브젝트에 있는 정보입니다.', en: 'Standard object\'s metadata: name, labels and what else all objects have.' },
  spec: { ko: '의도한 상태입니다. 사용자가 적습니다.', en: 'The desired state, written by you.' },
  status: { ko: '지금 상태입니다. 시스템이 씁니다.', en: 'The present state, written by the system.' },
};

/** Types whose fields are those of another one. */
function likeOf(type: string): string | undefined {
  if (type === 'EphemeralContainer') return 'Container';
  return type.endsWith('Condition') ? 'Condition' : undefined;
}

/**
 * What a field of a built-in type means, or without a field what the type is. Types go by the last part of their name
 * (io.k8s.api.core.v1.Container is Container); undefined where nothing is written.
 */
export function fieldText(type: string, field = ''): Text | undefined {
  const group = /^io\.k8s\.api\.([^.]+)\./.exec(type)?.[1];
  // Kinds that learners do not meet may share a short name with those that they do.
  if (group !== undefined && !documentedGroups.has(group)) return field === '' ? undefined : ofEveryObject[field];
  const name = type.slice(type.lastIndexOf('.') + 1);
  const like = likeOf(name);
  return docs[name]?.[field] ?? (like === undefined ? undefined : docs[like]?.[field]) ?? (field === '' ? undefined : ofEveryObject[field]);
}

const documentedGroups: ReadonlySet<string> = new Set(['core', 'apps', 'batch', 'networking', 'policy', 'rbac', 'storage', 'discovery', 'autoscaling', 'events']);

/** The same in one language, as kubectl explain and the editor ask for it. */
export const describeIn = (language: Language) => (type: string, field?: string): string | undefined => fieldText(type, field)?.[language];

import type { ApiResponse } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { answerBinding } from './binding';
import { answerEviction } from './eviction';
import { answerScale } from './scale';
import { answerStream } from './streams';
import { answerToken } from './token';

/** Answers one kind of request that is more than reading and writing an object. */
export type Answer = (server: ServerParts, call: ResourceCall) => Task<ApiResponse>;

const answers: Readonly<Record<string, Answer>> = {
  'pods/binding': answerBinding,
  'pods/eviction': answerEviction,
  'serviceaccounts/token': answerToken,
  'pods/log': answerStream,
  'pods/exec': answerStream,
  'pods/attach': answerStream,
  'pods/portforward': answerStream,
  'pods/proxy': answerStream,
  'services/proxy': answerStream,
  'nodes/proxy': answerStream,
};

/** Who answers a subresource; undefined for those that are part of the object (status, resize, finalize …). */
export function subresourceAnswer(resource: string, subresource: string): Answer | undefined {
  return subresource === 'scale' ? answerScale : answers[`${resource}/${subresource}`];
}

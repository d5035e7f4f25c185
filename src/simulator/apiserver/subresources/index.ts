import type { ApiResponse } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { answerBinding } from './binding';
import { answerScale } from './scale';
import { answerToken } from './token';

/** Answers one kind of request that is more than reading and writing an object. */
export type Answer = (server: ServerParts, call: ResourceCall) => Task<ApiResponse>;

const evict: Answer = (server, call) => server.served.software.evict(server, call);
const stream: Answer = (server, call) => server.served.software.stream(server, call);

const answers: Readonly<Record<string, Answer>> = {
  'pods/binding': answerBinding,
  'pods/eviction': evict,
  'serviceaccounts/token': answerToken,
  'pods/log': stream,
  'pods/exec': stream,
  'pods/attach': stream,
  'pods/portforward': stream,
  'pods/proxy': stream,
  'services/proxy': stream,
  'nodes/proxy': stream,
};

/** Who answers a subresource; undefined for those that are part of the object (status, resize, finalize …). */
export function subresourceAnswer(resource: string, subresource: string): Answer | undefined {
  return subresource === 'scale' ? answerScale : answers[`${resource}/${subresource}`];
}

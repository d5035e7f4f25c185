import { failure, type KubeObject } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import type { WriteRequest } from './write-request';

/** Server-side apply. */
// eslint-disable-next-line require-yield -- nothing to wait for yet
export function* applyObject(_server: ServerParts, _call: ResourceCall, _write: WriteRequest): Task<{ object: KubeObject; created: boolean }> {
  throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

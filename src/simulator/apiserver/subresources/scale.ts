import type { ApiResponse, Scale } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, methodNotAllowed } from '../errors';
import { readBody } from '../registry/body';
import { decodeDraft } from '../registry/decode';
import { dedupeOwners } from '../registry/metadata';
import { writeOptions } from '../registry/options';
import { patchedScale } from '../registry/patch';
import { readObject } from '../registry/read-object';
import { updateObject } from '../registry/update';
import { writeRequest } from '../registry/write-request';
import { scaled, scaleKind, scaleOf, scaleType } from './scale-object';

/** Reads and writes the scale of an object. */
export function* answerScale(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const { served, info } = call;
  if (info.verb === 'get') return { status: 200, body: scaleOf(served, yield* readObject(server, call)) };
  if (info.verb === 'patch') return { status: 200, body: yield* patchedScale(server, call) };
  if (info.verb !== 'update') throw methodNotAllowed();
  const options = writeOptions(call.query, 'UpdateOptions');
  const scale = decodeDraft(scaleType(), readBody(call.request, 'Scale'), scaleKind, options, call.warnings);
  dedupeOwners(scale, call.warnings);
  const name = (scale.metadata['name'] as string | undefined) ?? '';
  if (name === '') throw badRequest(`the name of the object (${info.name} based on URL) was undeterminable: name must be provided`);
  if (name !== info.name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  const { object } = yield* updateObject(server, writeRequest(call, options), { make: (existing) => scaled(served, existing, scale as unknown as Scale), strategy: served.definition });
  return { status: 200, body: scaleOf(served, object) };
}

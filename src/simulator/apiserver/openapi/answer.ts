import type { ApiRequest, ApiResponse } from '../../api';
import { openApiProtobuf } from '../edge/openapi-protobuf';
import type { Query } from '../request/url';
import type { Json } from './schemas';

/** One document, as it is and as it is sent, and what its content is told by. */
export interface Document {
  readonly body: Json;
  readonly text: string;
  readonly hash: string;
}

const formats = /^(?:application\/(?:json|\*)|\*\/\*)$/;

/** True when the client takes JSON, or says nothing. */
const takesJson = (accept: string | undefined): boolean => accept === undefined || accept === '' || accept.split(',').some((type) => formats.test((type.split(';')[0] ?? '').trim()));

/**
 * A document to a client that may have it already (If-None-Match), or that says which one it expects (?hash=…): the one
 * with that hash never changes, another has moved.
 */
export function answerDocument({ body, text, hash }: Document, path: string, query: Query, headers: ApiRequest['headers']): ApiResponse {
  const etag = { etag: `"${hash}"`, vary: 'Accept' };
  const expected = query.get('hash');
  const accept = headers?.['accept'];
  const protobuf = openApiProtobuf.asked.test(accept ?? '') && 'swagger' in body;
  if (!protobuf && !takesJson(accept)) return { status: 406, headers: { vary: 'Accept' } };
  if (expected !== undefined && expected !== hash) return { status: 301, headers: { ...etag, location: `${path}?hash=${hash}` } };
  if (headers?.['if-none-match'] === `"${hash}"`) return { status: 304, headers: etag };
  const kept = expected === undefined ? {} : { 'cache-control': 'public, immutable' };
  return protobuf ? { status: 200, headers: { ...etag, ...kept }, body } : { status: 200, headers: { 'content-type': 'application/json', ...etag, ...kept }, text };
}

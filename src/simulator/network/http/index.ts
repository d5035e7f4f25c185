export { exchange, type HttpExchange, httpRequest } from './client';
export { formatHttpDate, formatLogDate } from './date';
export { headerHas, headerOf, type HttpHeaders, withoutHeaders } from './headers';
export {
  type BodyFraming, encodeChunk, encodeRequest, encodeResponse, type HttpRequest, type HttpRequestHead, type HttpResponse, type HttpResponseHead,
  keepsAlive, readBody, readRequestHead, readResponseHead, requestFraming, responseFraming, streamBody,
} from './message';
export { ByteReader, HttpError } from './reader';
export { type HttpAnswer, type HttpServerOptions, serveHttp } from './server';
export { reasonPhrase } from './status';

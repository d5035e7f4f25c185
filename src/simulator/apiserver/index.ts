export { createApiServer } from './complete';
export { createApiServerAlone, type ApiServer, type ApiServerOptions } from './server';
export { serverSoftware, type ServerSoftware } from './software';
export { stampResourceVersion } from './registry/stored';
export { createEdge, type RawHandler, type RawRequest, type RawResponse } from './edge';
export { type ByteConnection, type Dialler, type DialTarget, type KubeletEndpoint, type LogRequest, type NodeConnector, type ProxyRequest, type ProxyResponse, type StreamRequest } from './nodes';
export { type StaticTokens } from './authentication/authenticator';
export { legacyTokenMaker, type LegacyTokenOwner } from './authentication/legacy-tokens';

import { type ApiServer, type ApiServerOptions, createApiServerAlone } from './server';
import { serverSoftware } from './software';

/** An API server over an etcd, with everything. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const server = createApiServerAlone(options);
  server.install(serverSoftware);
  return server;
}

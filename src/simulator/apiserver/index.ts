export { createApiServer, type ApiServer, type ApiServerOptions } from './server';
export { stampResourceVersion } from './registry/stored';

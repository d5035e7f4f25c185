export * from './interface';
export { createContainerRuntime, type RuntimeOptions } from './container/runtime';
export { parseReference } from './container/reference';
export { catalogue } from './images';
export { busyboxUserland } from './images/userlands';
export { type Completer, createHost, type Host, type HostOptions, outputOf } from './host';
export { errorText } from './files/errors';
export { queryServer, ResolutionError, resolveHost } from './resolver';

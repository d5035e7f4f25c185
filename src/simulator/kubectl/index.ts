export { complete } from './complete';
export { kubectl } from './program';
export { ConnectionError, type ConnectionTarget, type HostConnection, type HostFiles, type HostListener, type HostTerminal, type Input, type KubectlHost, type Output } from './host';

export { type Bridge, type BridgeOptions, clusterCommand, startBridge } from './command';

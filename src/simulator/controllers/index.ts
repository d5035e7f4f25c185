export { createControllerManager } from './all';
export type { ControllerManager, ControllerManagerOptions, ManagerOptions } from './manager';

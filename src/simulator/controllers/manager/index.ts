export type { Controller, ControllerContext, ManagerOptions } from './context';
export { type ControllerManager, type ControllerManagerOptions, createManager, deletable, isSelected } from './manager';
export { customResources, type CustomResources } from './custom-resources';

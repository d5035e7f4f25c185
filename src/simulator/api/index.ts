export * from './object';
export * from './request';
export * from './schema';
export * from './status';
export type * from './generated/kinds';
export * from './catalog';

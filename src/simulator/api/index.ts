export * from './object';
export * from './request';
export * from './schema';
export * from './status';

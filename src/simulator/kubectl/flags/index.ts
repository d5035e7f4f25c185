export { flag, formatGoDuration, parseGoDuration, type FlagDefinition, type FlagKind } from './definition';
export { parseFlags, ParsedFlags, quote, type Parsed } from './parse';
export * from './groups';

export type { Fact, Range } from './fact';
export { within } from './fact';
export * as apiGateway from './api-gateway';
export * as lambda from './lambda';

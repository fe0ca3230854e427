export { CdkStack } from './cdk-stack';
export type { CdkStackArgs } from './cdk-stack-args';
export type { Calls, ConfigValue, Program, SynthesizeOptions } from './program';
export { synthesize } from './synthesize';
export { type GraphResource, type ResourceGraph } from '../core/model/graph';

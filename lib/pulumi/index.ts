export { CdkStack } from './cdk-stack';
export type { CdkStackArgs } from './cdk-stack-args';
export { synthesize, type ConfigValue, type Program, type SynthesizeOptions } from './synthesize';
export { type Calls } from './offline-monitor';
export { type GraphResource, type ResourceGraph } from '../core/model/graph';

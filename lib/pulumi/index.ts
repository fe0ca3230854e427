export { CdkStack, type CdkStackArgs } from './cdk-stack';
export { synthesize, type ConfigValue, type Program, type SynthesizeOptions } from './synthesize';
export { type Calls } from './offline-monitor';
export { type GraphResource, type ResourceGraph } from '../core/model/graph';

import type { TaskCall } from '../../../../../core/asl/task';
import type { Integration } from './integration';
import { lambdaFunction, lambdaInvoke, lambdaSdk } from './lambda';
import { optimised } from './optimised';
import { s3 } from './s3';
import { sdkJson } from './sdk-json';
import { snsPublish, snsSdk } from './sns';

/** The integration for a task's call; undefined if unsupported. */
export function integrationOf(call: TaskCall): Integration | undefined {
  if (call.kind === 'function') return lambdaFunction;
  if (call.kind === 'activity') return undefined;
  const { service, api, sdk, waits } = call;
  // Jobs of other services complete through events that the local run does not emit.
  if (waits === 'job' && (service !== 'states' || sdk)) return undefined;
  if (service === 'lambda' && api === 'invoke') return sdk ? lambdaSdk : lambdaInvoke;
  if (service === 'sns') return sdk ? snsSdk(api) : api === 'publish' ? snsPublish : undefined;
  if (!sdk) return optimised(service, api);
  return service === 's3' ? s3(api) : sdkJson(service);
}

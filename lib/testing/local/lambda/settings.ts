import { lambda, lambdaRuntimes } from '../../../core/facts';
import { parseArn } from '../../../core/arn';
import type { Range } from '../../../core/facts/fact';
import type { Deployed } from '../kernel/deployment';
import { isRecord, asList, number, recordOf, records, text } from '../kernel/json';

/** Ranges of a function's numeric settings, by path. */
const RANGES: readonly (readonly [path: string, range: Range])[] = [
  ['Timeout', lambda.functionTimeout.value],
  ['MemorySize', lambda.functionMemory.value],
  ['EphemeralStorage.Size', lambda.ephemeralStorage.value],
];

/** Which of a function's settings Lambda would refuse at creation; undefined if it accepts them. */
export function refusedSettings({ properties }: Deployed): string | undefined {
  const variables = recordOf(recordOf(properties.Environment).Variables);
  const reasons = [
    ...ofRuntime(text(properties.Runtime)),
    ...ofNumbers(properties),
    ...ofVariables(variables),
    ...ofDeadLetters(text(recordOf(properties.DeadLetterConfig).TargetArn)),
    ...(asList(properties.Architectures).length > 1 ? ['it has more than one architecture'] : []),
    ...ofName(text(properties.FunctionName)),
  ];
  return reasons.length > 0 ? `${reasons.join(', and ')}: on AWS it is not created` : undefined;
}

/** Settings of a function that have an effect on AWS but not here. */
export function notHonoured({ properties }: Deployed): readonly string[] {
  const wrapper = text(recordOf(recordOf(properties.Environment).Variables).AWS_LAMBDA_EXEC_WRAPPER);
  const mounts = records(properties.FileSystemConfigs).map(({ LocalMountPath }) => text(LocalMountPath) ?? '');
  return [
    ...(wrapper === undefined
      ? []
      : [`its wrapper '${wrapper}' (AWS_LAMBDA_EXEC_WRAPPER) is not run: it starts without it`]),
    ...mounts.map((place) => `its file system is not mounted: there is no '${place}'`),
    ...(isRecord(properties.CapacityProviderConfig)
      ? ['on its capacity provider an execution environment serves several invocations at once, here one']
      : []),
  ];
}

/** Of a runtime whose end of support has passed, Lambda still creates functions for a time. */
function ofRuntime(runtime: string | undefined): readonly string[] {
  const blocked = runtime !== undefined && lambdaRuntimes.runtimeBlocked.value.includes(runtime);
  return blocked ? [`Lambda creates no more functions with the runtime ${runtime}`] : [];
}

function ofDeadLetters(arn: string | undefined): readonly string[] {
  if (arn === undefined) return [];
  const service = parseArn(arn)?.service ?? '';
  if (!['sqs', 'sns'].includes(service)) return [`its dead letters go to a queue or a topic, got '${arn}'`];
  return arn.endsWith('.fifo') ? ['its dead letters cannot go to a FIFO queue or topic'] : [];
}

function ofName(name: string | undefined): readonly string[] {
  return name === undefined || /^[\w-]{1,64}$/.test(name)
    ? []
    : [`a function's name has 1 to 64 letters, digits, hyphens and underscores, got '${name}'`];
}

/** Whether a runtime is none of those known here: Lambda may refuse it. */
export function isUnknownRuntime({ properties }: Deployed): boolean {
  const { runtimeBlocked, runtimeEnd } = lambdaRuntimes;
  const runtime = text(properties.Runtime);
  return runtime !== undefined && !Object.hasOwn(runtimeEnd.value, runtime) && !runtimeBlocked.value.includes(runtime);
}

function ofNumbers(properties: Deployed['properties']): readonly string[] {
  const wrong = RANGES.flatMap(([path, { min, max }]) => {
    const value = number(path.split('.').reduce<unknown>((at, name) => recordOf(at)[name], properties));
    return value === undefined || (value >= min && value <= max)
      ? []
      : [`its ${path} of ${value} is not from ${min} to ${max}`];
  });
  const layers = asList(properties.Layers).length;
  const most = lambda.layersPerFunction.value;
  return layers > most ? [...wrong, `it has ${layers} layers, but Lambda accepts ${most}`] : wrong;
}

function ofVariables(variables: Deployed['properties']): readonly string[] {
  const entries = Object.entries(variables).filter(([, value]) => !isRecord(value));
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}${text(value) ?? ''}`), 0);
  const most = lambda.environmentSize.value;
  const names = entries.map(([name]) => name);
  const reserved = names.filter((name) => lambda.reservedVariables.value.includes(name));
  const malformed = names.filter((name) => !reserved.includes(name) && !lambda.variableName.value.test(name));
  return [
    ...(size > most ? [`its variables have ${size} bytes, but Lambda accepts ${most}`] : []),
    ...reserved.map((name) => `the variable '${name}' is reserved by Lambda`),
    ...malformed.map((name) => `'${name}' is not a variable name that Lambda accepts`),
  ];
}

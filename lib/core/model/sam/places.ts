import { recordOf } from '../../record';

/** Properties that SAM renames: the start of CloudFormation's path, and SAM's path in its place, if present. */
const RENAMED: readonly (readonly [from: string, to: string])[] = [
  ['AuthorizationType', 'Auth'],
  ['AuthorizerId', 'Auth'],
  ['Code', 'CodeUri'],
  ['Code.ImageUri', 'ImageUri'],
  ['Code.ZipFile', 'InlineCode'],
  ['DeadLetterConfig.TargetArn', 'DeadLetterQueue.TargetArn'],
  ['DefinitionString', 'Definition'],
  ['Endpoint', 'SqsSubscription'],
  ['EventPattern', 'Pattern'],
  ['EventSourceArn', 'Queue'],
  ['EventSourceArn', 'Stream'],
  ['LoggingConfiguration', 'Logging'],
  ['ManagedPolicyArns', 'Policies'],
  ['ScheduleExpression', 'Schedule'],
  ['Target.DeadLetterConfig', 'DeadLetterConfig'],
  ['Target.RetryPolicy', 'RetryPolicy'],
  ['Targets.0.DeadLetterConfig', 'DeadLetterConfig'],
  ['Targets.0.RetryPolicy', 'RetryPolicy'],
  ['TopicArn', 'Topic'],
  ['TracingConfig.Mode', 'Tracing'],
  ['TracingConfiguration', 'Tracing'],
];

/** Where a SAM resource configures its additional resources, by the suffix that SAM appends to its id. */
const PARTS: readonly (readonly [suffix: RegExp, path: readonly string[]])[] = [
  [/^Url$/, ['FunctionUrlConfig']],
  [/^(?:UrlPublicPermissions|URLInvokeAllowPublicAccess)$/, ['FunctionUrlConfig', 'AuthType']],
  [/^EventInvokeConfig/, ['EventInvokeConfig']],
  [/^Role$/, ['Policies']],
  [/^Alias/, ['ProvisionedConcurrencyConfig']],
  [/^(?:Deployment|Stage|\w*Stage)/, []],
];

/**
 * Where a SAM template sets a property of an expanded resource: in the SAM resource, in the event it comes from, or in
 * `Globals`; the deepest matching path.
 * @param from the SAM resource
 * @param made the logical id of the expanded resource
 * @param below the path in that resource: `Properties`, and the property
 */
export function writtenAt(template: unknown, from: string, made: string, below: readonly string[]): readonly string[] {
  const resource = recordOf(recordOf(recordOf(template).Resources)[from]);
  const own = ['Resources', from];
  const [section, ...property] = below;
  const names = section === 'Properties' ? spellings(property) : [property];
  const events = Object.keys(recordOf(recordOf(resource.Properties).Events));
  const [event] = events.filter((name) => made.startsWith(from + name)).sort((a, b) => b.length - a.length);
  if (event !== undefined) {
    const place = [...own, 'Properties', 'Events', event];
    return deepest(
      template,
      place,
      names.map((name) => [...place, 'Properties', ...name]),
    );
  }
  const part = made === from ? undefined : PARTS.find(([suffix]) => suffix.test(made.slice(from.length)))?.[1];
  if (made !== from && part === undefined) return own;
  const [, kind = ''] = /^AWS::Serverless::(\w+)$/.exec(String(resource.Type)) ?? [];
  const inside = part === undefined || part.length === 0 ? names : names.map((name) => [...part, ...name]);
  return deepest(
    template,
    [...own, ...below.slice(0, made === from ? 1 : 0)],
    [...inside.map((name) => [...own, 'Properties', ...name]), ...inside.map((name) => ['Globals', kind, ...name])],
  );
}

/** A property's path in CloudFormation and in SAM. */
function spellings(property: readonly string[]): readonly (readonly string[])[] {
  const path = property.join('.');
  const renamed = RENAMED.filter(([from]) => path === from || path.startsWith(`${from}.`)).map(([from, to]) => [
    ...to.split('.'),
    ...property.slice(from.split('.').length),
  ]);
  return [property, ...renamed];
}

/** The path that exists furthest; the given one if no property of any exists. */
function deepest(
  template: unknown,
  otherwise: readonly string[],
  paths: readonly (readonly string[])[],
): readonly string[] {
  let best = otherwise;
  let most = otherwise[0] === 'Resources' ? otherwise.length : 0;
  for (const path of paths) {
    const depth = depthOf(template, path);
    // A section's name alone does not locate a property.
    const needed = path[0] === 'Globals' ? 2 : 3;
    if (depth <= needed) continue;
    const score = path[0] === 'Globals' ? depth + 1 : depth;
    if (score <= most) continue;
    [best, most] = [path.slice(0, depth), score];
  }
  return best;
}

function depthOf(value: unknown, path: readonly string[]): number {
  let current = value;
  for (const [depth, name] of path.entries()) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return depth;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  return path.length;
}

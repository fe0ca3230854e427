import { parseText } from './document';
import { type GraphResource, pathOf } from './graph';
import type { TemplateSource } from './link';
import type { Acknowledgement } from './model';

/** The type of a CloudFormation stack in a Pulumi program. */
export const STACK = 'aws:cloudformation/stack:Stack';

/** The component that hosts a CDK stack. */
const CDK_STACK = 'lintel:pulumi:CdkStack';

/** Uploaded templates are named by content hash. */
const TEMPLATE_KEY = /[0-9a-f]{64}\.json/;

/** The name of a template in a graph. */
export interface StackNames {
  /** The id of a resource in the model. */
  readonly idOf: (resource: GraphResource) => string;
  /** The graph's display name. */
  readonly shown: string;
}

/**
 * The templates of a program's CloudFormation stacks: inline ones, ones uploaded for their size, and those of nested
 * stacks.
 * @throws ReadError when one of them cannot be read
 */
export function stackTemplates(resources: readonly GraphResource[], { idOf, shown }: StackNames): TemplateSource[] {
  const uploaded = new Map(
    resources.flatMap(({ inputs: { key, content } }) =>
      typeof key === 'string' && typeof content === 'string' && TEMPLATE_KEY.test(key) ? [[key, content] as const] : [],
    ),
  );
  return resources
    .filter(({ type }) => type === STACK)
    .flatMap((stack) => {
      const text = textOf(stack, resources, uploaded);
      if (text === undefined) return [];
      const place = `${shown} (template of ${pathOf(stack)})`;
      return withNested(text, { name: idOf(stack), path: pathOf(stack), shown: place }, uploaded);
    });
}

/**
 * Acknowledgements on constructs of CDK stacks in a program: the component's input `acknowledged`. They cover only that
 * stack's resources, even if other paths in the program share a prefix.
 */
export function acknowledgedInStacks(
  resources: readonly GraphResource[],
  idOf: (resource: GraphResource) => string,
): Acknowledgement[] {
  const stacks = resources.filter(({ type }) => type === STACK);
  return resources.flatMap((component) => {
    const { acknowledged } = component.inputs;
    const stack = stacks.find(({ parent }) => parent === pathOf(component));
    if (component.type !== CDK_STACK || stack === undefined || !Array.isArray(acknowledged)) return [];
    return acknowledged.map((one) => {
      const { id, reason, path } = section(one, '');
      return { id: String(id), reason: String(reason), path: String(path), within: idOf(stack) };
    });
  });
}

function textOf(
  { inputs, dependsOn }: GraphResource,
  resources: readonly GraphResource[],
  uploaded: ReadonlyMap<string, string>,
): string | undefined {
  if (typeof inputs.templateBody === 'string') return inputs.templateBody;
  const key = TEMPLATE_KEY.exec(String(inputs.templateUrl ?? ''))?.[0];
  if (key !== undefined) return uploaded.get(key);
  // The URL is known only at deployment; the stack depends on the upload.
  const template = resources.find(
    (resource) => resource.name.endsWith('-template') && dependsOn.includes(`${resource.type}::${pathOf(resource)}`),
  );
  return template && uploaded.get(String(template.inputs.key));
}

function withNested(
  template: string,
  origin: TemplateSource['origin'],
  uploaded: ReadonlyMap<string, string>,
): TemplateSource[] {
  const text = parseText(template, origin.shown);
  const nested = Object.entries(section(text.data, 'Resources')).flatMap(([logicalId, resource]) => {
    if (section(resource, '').Type !== 'AWS::CloudFormation::Stack') return [];
    const url = JSON.stringify(section(resource, 'Properties').TemplateURL ?? '');
    const content = uploaded.get(TEMPLATE_KEY.exec(url)?.[0] ?? '');
    if (content === undefined) return [];
    const name = `${origin.name}/${logicalId}`;
    const parent = { template: origin.name, resource: name };
    return withNested(content, { name, path: `${origin.path}/${logicalId}`, shown: origin.shown, parent }, uploaded);
  });
  return [{ origin, text }, ...nested];
}

/** A section of an object, or the object itself for the empty name; empty where there is none. */
function section(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const found: unknown = name === '' ? value : (Object(value) as Record<string, unknown>)[name];
  return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {};
}

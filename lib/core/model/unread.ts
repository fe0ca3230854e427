import { STACK } from './graph-stacks';
import { accessIn } from './aws-types/speaks-of-access';
import type { Model, Resource, UnreadKind } from './model';

/** Something deployed that was not read, so it cannot be judged. Never a pass. */
export interface Unread {
  readonly kind: UnreadKind;
  readonly resource: Resource;
  /** The property, dotted. */
  readonly property?: string;
  /** What was not read, in words. */
  readonly reason: string;
}

/** Each kind in words: the heading for what was not read, and the remedy. */
export const UNREAD_WORDS: Readonly<Record<UnreadKind, { readonly title: string; readonly remedy: string }>> = {
  'nested-template': {
    title: 'nested, and its template is not available',
    remedy: 'include the folder with its template, or check that template separately',
  },
  file: {
    title: 'a file next to the template that is not available',
    remedy: 'put the file where the template refers to it, inside the given folder',
  },
  expansion: {
    title: 'not expanded',
    remedy: 'check the processed template: aws cloudformation get-template --template-stage Processed',
  },
  transform: {
    title: 'of SAM, in a template without its transform',
    remedy: "add 'Transform: AWS::Serverless-2016-10-31' to the template",
  },
  translation: {
    title: 'a type that is not translated',
    remedy: 'check the equivalent CloudFormation resource, or review it by hand',
  },
  component: {
    title: 'a component that its provider takes apart elsewhere',
    remedy: 'check what it creates once deployed, or review it by hand',
  },
};

const SAM = 'AWS::Serverless::';
const NESTING: readonly string[] = [
  'AWS::CloudFormation::Stack',
  'AWS::CloudFormation::StackSet',
  'AWS::Serverless::Application',
  STACK,
];

/**
 * Everything deployed in a model that was not read, in resource order.
 * @param known CloudFormation types that the caller reads
 */
export function unreadIn(model: Model, known: ReadonlySet<string> = model.askedTypes): Unread[] {
  const noted = notesOf(model);
  const nested = new Set([...model.templates.values()].map(({ name, parent }) => parent?.resource ?? name));
  const spelled = new Map([...known].filter((type) => type.startsWith('AWS::')).map((type) => [spelling(type), type]));
  return [...model.resources.values()].flatMap((resource): readonly Unread[] => {
    const notes = noted.get(resource.id) ?? [];
    const found = notes.length > 0 || nested.has(resource.id) ? undefined : byType(resource, spelled);
    return found ? [{ resource, ...found }] : notes;
  });
}

function notesOf(model: Model): ReadonlyMap<string, readonly Unread[]> {
  const noted = new Map<string, Unread[]>();
  for (const { name, unread = [] } of model.templates.values()) {
    for (const { kind, logicalId, property, reason } of unread) {
      const resource = model.resources.get(`${name}/${logicalId}`);
      if (!resource) continue;
      noted.set(resource.id, [...(noted.get(resource.id) ?? []), { kind, resource, property, reason }]);
    }
  }
  return noted;
}

function byType(
  { type, properties }: Resource,
  spelled: ReadonlyMap<string, string>,
): Pick<Unread, 'kind' | 'reason'> | undefined {
  if (NESTING.includes(type)) {
    return { kind: 'nested-template', reason: 'the template of the nested stack is not part of what was read' };
  }
  if (type.startsWith(SAM)) {
    return { kind: 'transform', reason: `${type} is not something that CloudFormation deploys by itself` };
  }
  if (!/^aws(?:-native)?:/.test(type)) return undefined;
  const known = spelled.get(spelling(type));
  if (known !== undefined) {
    return { kind: 'translation', reason: `${type} is ${known}, and its properties are not translated` };
  }
  const names = accessIn(type, properties);
  if (names.length === 0) return undefined;
  return {
    kind: 'translation',
    reason: `${type} is not translated, although it controls access or holds a secret: ${names.join(', ')}`,
  };
}

/** A type's service and name, in any provider's notation: `aws:sns/topic:Topic`, `aws-native:sns:Topic`. */
function spelling(type: string): string {
  const [, service, name] =
    /^AWS::(\w+)::(\w+)$/.exec(type) ?? /^aws(?:-native)?:(\w+)(?:\/\w+)?:(\w+)$/.exec(type) ?? [];
  if (service === undefined || name === undefined) return type;
  return `${SERVICES.get(service) ?? service.toLowerCase()}:${name.toLowerCase().replace(/v2$/, '')}`;
}

const SERVICES: ReadonlyMap<string, string> = new Map([
  ['sfn', 'stepfunctions'],
  ['lb', 'elasticloadbalancingv2'],
  ['alb', 'elasticloadbalancingv2'],
  ['opensearch', 'opensearchservice'],
  ['mq', 'amazonmq'],
]);

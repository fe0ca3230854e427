import { ModelAccess } from '../iam/model-access';
import { expand } from '../iam/action-set';
import { isOpen, SOME_ACCOUNT, SOME_REGION } from '../iam/access-names';
import { listOf, type Statement } from '../iam/policy';
import { CALLS } from '../iam/platform-actions';
import { displayName } from '../model/display';
import { indexed } from '../model/indexed';
import type { Model, Resource } from '../model/model';
import { at, eachBranch, items, toText } from '../model/select';
import { mentioned, named } from '../model/references';
import { sourcesNamed } from '../model/stream-consumers';
import type { Value } from '../model/values';
import { sayingOf, type Saying } from './sayings';

/** A bus: one of the templates, or the name of another; `default` belongs to none. What is known only at deployment is in `<>`. */
export type Bus = Resource | string;

/** Whether only a deployment knows which bus it is. */
export function isOpenBus(bus: Bus): boolean {
  return typeof bus === 'string' && bus.includes('<');
}

/** Who may publish what on which bus. */
export interface Publishing extends Saying {
  /** What has the role: a function, a state machine, a pipe, a route; the role or user itself if nothing here uses it. */
  readonly publisher: Resource;
  readonly bus: Bus;
}

/** What becomes of the events that a rule takes. */
export interface Listening {
  readonly rule: Resource;
  readonly bus: Bus;
  /** Its pattern; undefined if known only at deployment. */
  readonly pattern: Value | undefined;
  /** Who is called in the end: functions and state machines, behind queues and topics as well. */
  readonly subscribers: readonly Resource[];
  /** The buses that it forwards events to. */
  readonly forwards: readonly Bus[];
  /** Targets whose further effects are unknown here, by name. */
  readonly others: readonly string[];
}

/** Who publishes what to whom, as far as templates say. */
export interface FlowGraph {
  readonly publishings: readonly Publishing[];
  readonly listenings: readonly Listening[];
}

const RUNS: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Role',
  'AWS::StepFunctions::StateMachine': 'RoleArn',
  'AWS::Pipes::Pipe': 'RoleArn',
  'AWS::Scheduler::Schedule': 'Target.RoleArn',
  'AWS::ApiGatewayV2::Integration': 'CredentialsArn',
  'AWS::ApiGateway::Method': 'Integration.Credentials',
  'AWS::AppSync::DataSource': 'ServiceRoleArn',
  'AWS::ECS::TaskDefinition': 'TaskRoleArn',
};

/** Who publishes what to whom. */
export const flowGraph = indexed((model): FlowGraph => ({
  publishings: publishings(model),
  listenings: listenings(model),
}));

function publishings(model: Model): Publishing[] {
  const access = ModelAccess.of(model);
  const rolesOf = (resource: Resource, property: string) =>
    access.named(at(resource, property), resource.template, 'AWS::IAM::Role');
  const held = Object.entries(RUNS).flatMap(([type, property]) =>
    model.ofType(type).flatMap((publisher) => rolesOf(publisher, property).map((role) => ({ publisher, role }))),
  );
  // A rule passes events on by a role, which publishes nothing of its own.
  const passing = model
    .ofType('AWS::Events::Rule')
    .flatMap((rule) => items(at(rule, 'Targets')).map((target) => [rule, at(target, 'RoleArn')] as const))
    .flatMap(([rule, role]) => access.named(role, rule.template, 'AWS::IAM::Role'));
  const taken = new Set([...held.map(({ role }) => role), ...passing]);
  const others = access.identities
    .flatMap(({ resource }) => resource ?? [])
    .filter((one) => !taken.has(one))
    .map((role) => ({ publisher: role, role }));
  return [...held, ...others].flatMap(({ publisher, role }) =>
    access
      .statementsOf(role)
      .filter(allowsPublishing)
      .flatMap((statement) => busesOf(model, statement).map((bus) => ({ publisher, bus, ...sayingOf(statement) }))),
  );
}

function allowsPublishing({ Effect, Action, NotAction }: Statement): boolean {
  if (Effect !== 'Allow') return false;
  return expand({ patterns: listOf(Action ?? NotAction), negated: Action === undefined }).has(CALLS.bus.required);
}

/** The buses of a statement's resources; a pattern stands for the templates' buses that it may match. */
function busesOf(model: Model, statement: Statement): readonly Bus[] {
  const all = listOf(statement.Resource).flatMap((text): readonly Bus[] => {
    const bus = busOfText(model, text);
    if (bus !== undefined) return [typeof bus === 'string' ? (likeNamed(model, bus) ?? bus) : bus];
    return /\*/.test(text) ? [...model.ofType(BUS), DEFAULT] : [];
  });
  return [...new Set(all)];
}

/** A bus of that name in a template that names no account or region: an ARN that names one may well be of it. */
function likeNamed(model: Model, name: string): Resource | undefined {
  return model.ofType(BUS).find((bus) => {
    const { account, region } = model.templates.get(bus.template)?.environment ?? {};
    return toText(at(bus, 'Name')) === name && account === undefined && region === undefined;
  });
}

/** The bus of an ARN, or a placeholder if known only at deployment. */
function busOfText(model: Model, text: string): Bus | undefined {
  const resource = ModelAccess.of(model).names.find(text)?.resource;
  if (resource?.type === BUS) return resource;
  const name = /:event-bus\/([^*?]+)$/.exec(text)?.[1];
  return name ?? (isOpen(text) && !text.includes('*') ? text : undefined);
}

const BUS = 'AWS::Events::EventBus';
const DEFAULT = 'default';

function listenings(model: Model): Listening[] {
  return model
    .ofType('AWS::Events::Rule')
    .filter((rule) => at(rule, 'EventPattern') !== undefined && at(rule, 'State') !== 'DISABLED')
    .flatMap((rule) => {
      const arns = items(at(rule, 'Targets')).map((target) => at(target, 'Arn'));
      const ends = {
        rule,
        pattern: at(rule, 'EventPattern'),
        subscribers: [...new Set(arns.flatMap((arn) => reached(model, arn, rule.template)))],
        forwards: arns.flatMap((arn) => forwarded(model, arn, rule.template)),
        others: arns.flatMap((arn) => other(model, arn, rule.template)),
      };
      const buses = eachBranch(at(rule, 'EventBusName')).map(({ value }) => busOf(model, value, rule.template));
      return [...new Set(buses)].map((bus) => ({ ...ends, bus }));
    });
}

function busOf(model: Model, value: Value | undefined, template: string): Bus {
  if (value === undefined) return DEFAULT;
  const [exact] = named(model, value);
  if (exact) return exact;
  const { names } = ModelAccess.of(model);
  const text = names.names.text(value, template) ?? '<EventBusName>';
  if (text.startsWith('arn:') || isOpen(text)) return busOfText(model, text) ?? text;
  return busOfText(model, `arn:aws:events:${SOME_REGION}:${SOME_ACCOUNT}:event-bus/${text}`) ?? text;
}

function forwarded(model: Model, arn: Value | undefined, template: string): readonly Bus[] {
  const buses = target(model, arn, template).filter(({ type }) => type === BUS);
  if (buses.length > 0) return buses;
  const name = /:event-bus\/(.+)$/.exec(textOf(model, arn, template) ?? '')?.[1];
  return name === undefined ? [] : [name];
}

/** A target of which only name and type are known, or a placeholder. */
function other(model: Model, arn: Value | undefined, template: string): readonly string[] {
  const known = target(model, arn, template);
  const text = textOf(model, arn, template) ?? 'what only the deployment knows';
  if (known.length === 0) return text.includes(':event-bus/') ? [] : [ModelAccess.of(model).names.show(text)];
  return known
    .filter(({ type }) => type !== BUS && reached(model, arn, template).length === 0)
    .map((one) => `${displayName(one)} (${one.type})`);
}

function textOf(model: Model, value: Value | undefined, template: string): string | undefined {
  return ModelAccess.of(model).names.names.text(value, template);
}

function target(model: Model, arn: Value | undefined, template: string): readonly Resource[] {
  const exact = named(model, arn);
  if (exact.length > 0) return exact;
  const names = mentioned(model, arn);
  if (names.length > 0) return names;
  const found = ModelAccess.of(model).names.find(textOf(model, arn, template) ?? '')?.resource;
  return found ? [found] : [];
}

/** The functions and state machines that something handed to a target comes to. */
function reached(
  model: Model,
  arn: Value | undefined,
  template: string,
  seen: readonly Resource[] = [],
): readonly Resource[] {
  return target(model, arn, template).flatMap((resource): readonly Resource[] => {
    if (seen.includes(resource)) return [];
    const further = (values: readonly (Value | undefined)[]) =>
      values.flatMap((value) => reached(model, value, resource.template, [...seen, resource]));
    switch (resource.type) {
      case 'AWS::Lambda::Function':
      case 'AWS::StepFunctions::StateMachine':
        return [resource];
      case 'AWS::Lambda::Alias':
      case 'AWS::Lambda::Version':
        return further([at(resource, 'FunctionName')]);
      case 'AWS::SQS::Queue':
      case 'AWS::Kinesis::Stream':
        return further([
          ...readers(model, 'AWS::Lambda::EventSourceMapping', 'EventSourceArn', resource, 'FunctionName'),
          ...readers(model, 'AWS::Pipes::Pipe', 'Source', resource, 'Target'),
        ]);
      case 'AWS::SNS::Topic':
        return further(readers(model, 'AWS::SNS::Subscription', 'TopicArn', resource, 'Endpoint'));
      default:
        return [];
    }
  });
}

function readers(
  model: Model,
  type: string,
  from: string,
  source: Resource,
  to: string,
): readonly (Value | undefined)[] {
  return model
    .ofType(type)
    .filter((one) => sourcesNamed(model, at(one, from)).includes(source))
    .map((one) => at(one, to));
}

import { ModelAccess } from '../iam/model-access';
import { expand } from '../iam/action-set';
import { listOf, type Statement } from '../iam/policy';
import { CALLS } from '../iam/platform-actions';
import { indexed } from '../model/indexed';
import type { Model, Resource } from '../model/model';
import { at, items, toText } from '../model/select';
import { mentioned, named } from '../model/references';
import type { Value } from '../model/values';
import { sayingOf, type Saying } from './sayings';

/** A bus: one of the templates, or the name of another; `default` is nobody's. */
export type Bus = Resource | string;

/** Who may publish what on which bus. */
export interface Publishing extends Saying {
  /** A function, a state machine, or a pipe. */
  readonly publisher: Resource;
  readonly bus: Bus;
}

/** What becomes of the events that a rule takes. */
export interface Listening {
  readonly rule: Resource;
  readonly bus: Bus;
  /** Its pattern; undefined where only a deployment knows it. */
  readonly pattern: Value | undefined;
  /** Who is called in the end: functions and state machines, behind queues and topics as well. */
  readonly subscribers: readonly Resource[];
  /** The buses that it passes events on to. */
  readonly forwards: readonly Bus[];
  /** Targets of which nothing here says what comes of them, by name. */
  readonly others: readonly string[];
}

/** Who tells whom what, as far as templates say. */
export interface FlowGraph {
  readonly publishings: readonly Publishing[];
  readonly listenings: readonly Listening[];
}

const RUNS: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Role',
  'AWS::StepFunctions::StateMachine': 'RoleArn',
  'AWS::Pipes::Pipe': 'RoleArn',
};

/** Who tells whom what. */
export const flowGraph = indexed((model): FlowGraph => ({
  publishings: publishings(model),
  listenings: listenings(model),
}));

function publishings(model: Model): Publishing[] {
  const access = ModelAccess.of(model);
  return Object.entries(RUNS).flatMap(([type, property]) =>
    model.ofType(type).flatMap((publisher) =>
      access
        .named(at(publisher, property), publisher.template, 'AWS::IAM::Role')
        .flatMap((role) => access.statementsOf(role))
        .filter(allowsPublishing)
        .flatMap((statement) => busesOf(model, statement).map((bus) => ({ publisher, bus, ...sayingOf(statement) }))),
    ),
  );
}

function allowsPublishing({ Effect, Action, NotAction }: Statement): boolean {
  if (Effect !== 'Allow') return false;
  return expand({ patterns: listOf(Action ?? NotAction), negated: Action === undefined }).has(CALLS.bus.required);
}

/** The buses of a statement's resources; a pattern stands for those of the templates that it may mean. */
function busesOf(model: Model, statement: Statement): readonly Bus[] {
  const { names } = ModelAccess.of(model);
  const all = listOf(statement.Resource).flatMap((arn): readonly Bus[] => {
    const resource = names.find(arn)?.resource;
    if (resource?.type === BUS) return [resource];
    const name = /:event-bus\/([\w./-]+)$/.exec(arn)?.[1];
    if (name !== undefined) return [name];
    return /\*/.test(arn) ? [...model.ofType(BUS), DEFAULT] : [];
  });
  return [...new Set(all)];
}

const BUS = 'AWS::Events::EventBus';
const DEFAULT = 'default';

function listenings(model: Model): Listening[] {
  return model
    .ofType('AWS::Events::Rule')
    .filter((rule) => at(rule, 'EventPattern') !== undefined && at(rule, 'State') !== 'DISABLED')
    .map((rule) => {
      const arns = items(at(rule, 'Targets')).map((target) => at(target, 'Arn'));
      return {
        rule,
        bus: busOf(model, at(rule, 'EventBusName')),
        pattern: at(rule, 'EventPattern'),
        subscribers: [...new Set(arns.flatMap((arn) => reached(model, arn)))],
        forwards: arns.flatMap((arn) => forwarded(model, arn)),
        others: arns.flatMap((arn) => other(model, arn)),
      };
    });
}

function busOf(model: Model, value: Value | undefined): Bus {
  return named(model, value)[0] ?? toText(value)?.split('/').at(-1) ?? DEFAULT;
}

function forwarded(model: Model, arn: Value | undefined): readonly Bus[] {
  const buses = target(model, arn).filter(({ type }) => type === BUS);
  const name = /:event-bus\/([\w./-]+)$/.exec(toText(arn) ?? '')?.[1];
  return buses.length > 0 || name === undefined ? buses : [name];
}

/** What of a target nothing is known but its type. */
function other(model: Model, arn: Value | undefined): readonly string[] {
  const known = target(model, arn);
  const text = toText(arn);
  if (known.length === 0) return text === undefined || text.includes(':event-bus/') ? [] : [text];
  return known.filter(({ type }) => type !== BUS && reached(model, arn).length === 0).map(({ type }) => type);
}

function target(model: Model, arn: Value | undefined): readonly Resource[] {
  const exact = named(model, arn);
  return exact.length > 0 ? exact : mentioned(model, arn);
}

/** The functions and state machines that something handed to a target comes to. */
function reached(model: Model, arn: Value | undefined, seen: readonly Resource[] = []): readonly Resource[] {
  return target(model, arn).flatMap((resource): readonly Resource[] => {
    if (seen.includes(resource)) return [];
    const further = (values: readonly (Value | undefined)[]) =>
      values.flatMap((value) => reached(model, value, [...seen, resource]));
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
    .filter((one) => named(model, at(one, from)).includes(source))
    .map((one) => at(one, to));
}

import { ModelAccess } from '../../../core/iam/model-access';
import { listOf, type Statement } from '../../../core/iam/policy';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, items, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { mappingsOf } from '../../lookups/functions';
import { named } from '../../../core/model/references';
import { sourcesNamed } from '../../../core/model/stream-consumers';
import { rolesOf } from '../../lookups/roles';
import { namesAction } from '../../lookups/statements';
import { triggersOf } from '../../lookups/triggers';
import { each, openAmong, type Rule } from '../../rule';
import { CALLS } from '../../../core/iam/platform-actions';

/** Actions on a resource that make the resource call the function again. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  'AWS::SQS::Queue': CALLS.queue.granted,
  'AWS::SNS::Topic': CALLS.topic.granted,
  'AWS::S3::Bucket': [CALLS.bucket.required],
  'AWS::Kinesis::Stream': CALLS.stream.granted,
  'AWS::DynamoDB::Table': ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
  'AWS::DynamoDB::GlobalTable': ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
};

export const recursiveLoop: Rule = {
  id: 'RecursiveLoop',
  severity: 'warning',
  title: 'A function does not write to what calls it',
  why: 'One event can then loop forever, with a bill to match; Lambda’s own loop detection does not see every path.',
  fix: 'write elsewhere (a second queue, bucket or prefix), take the permission away, or declare the loop with RecursiveLoop: Allow',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html',
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    if (toText(at(fn, 'RecursiveLoop')) === 'Allow') return;
    const statements = rolesOf(model, fn, 'Role').flatMap((role) => ModelAccess.of(model).statementsOf(role));
    for (const { resource: source, prefixes } of sourcesOf(model, fn)) {
      const actions = WRITES[source.type] ?? [];
      const writing = statements.find((statement) => writesTo(model, statement, source, actions, prefixes));
      if (!writing) continue;
      const declared = openAmong(fn, 'RecursiveLoop');
      if (declared) yield declared;
      else if (prefixes === 'open')
        yield {
          resource: fn,
          property: 'Role',
          reason: `what of ${displayName(source)} calls it is known only at deployment`,
        };
      else
        yield {
          resource: fn,
          property: 'Role',
          message: `is called by ${displayName(source)} and may write to it`,
          detail: displayName(source),
        };
    }
  }),
};

interface Source {
  readonly resource: Resource;
  /** Prefixes of the objects that trigger the function; empty if all do. */
  readonly prefixes: readonly string[] | 'open';
}

function sourcesOf(model: Model, fn: Resource): Source[] {
  const mapped = mappingsOf(model, fn).flatMap((mapping) => sourcesNamed(model, at(mapping, 'EventSourceArn')));
  const triggered = triggersOf(model, fn).flatMap(({ holder, property, sources }) =>
    sources.flatMap((source) =>
      source && WRITES[source.type] ? [{ resource: source, prefixes: prefixesOf(at(holder, parentOf(property))) }] : [],
    ),
  );
  const feeding = mapped.flatMap((stream) => tablesThatFeed(model, stream));
  return [...[...mapped, ...feeding].map((resource) => ({ resource, prefixes: [] })), ...triggered];
}

/** Tables whose changes go to a Kinesis stream. */
function tablesThatFeed(model: Model, stream: Resource): readonly Resource[] {
  if (stream.type !== 'AWS::Kinesis::Stream') return [];
  return model
    .ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')
    .filter((table) =>
      [
        at(table, 'KinesisStreamSpecification'),
        ...items(at(table, 'Replicas')).map((one) => at(one, 'KinesisStreamSpecification')),
      ]
        .flatMap((specification) => named(model, at(specification, 'StreamArn')))
        .includes(stream),
    );
}

const parentOf = (property: string): string => property.split('.').slice(0, -1).join('.');

function prefixesOf(configuration: Value | undefined): readonly string[] | 'open' {
  const rules = [at(configuration, 'Filter.S3Key.Rules'), at(configuration, 'Filter.Key.FilterRules')].flatMap(items);
  const named = rules.filter((rule) => (toText(at(rule, 'Name')) ?? 'prefix').toLowerCase() === 'prefix');
  const prefixes = named.map((rule) => (at(rule, 'Name') === undefined ? undefined : toText(at(rule, 'Value'))));
  return prefixes.every((prefix) => prefix !== undefined) ? prefixes.filter((prefix) => prefix !== '') : 'open';
}

function writesTo(
  model: Model,
  statement: Statement,
  source: Resource,
  actions: readonly string[],
  prefixes: Source['prefixes'],
): boolean {
  if (statement.Effect !== 'Allow' || !actions.some((action) => namesAction(statement, action))) return false;
  const { names } = ModelAccess.of(model);
  return listOf(statement.Resource).some((resource) => {
    const found = names.find(resource);
    return found?.resource === source && meets(found.rest, prefixes);
  });
}

/** Whether the objects that a policy names (`/incoming/*`) can be under one of the prefixes. */
function meets(rest: string, prefixes: Source['prefixes']): boolean {
  if (prefixes === 'open' || prefixes.length === 0 || rest === '') return true;
  const written = rest.replace(/^\//, '').replace(/\*.*$/, '');
  return prefixes.some((prefix) => prefix.startsWith(written) || written.startsWith(prefix));
}

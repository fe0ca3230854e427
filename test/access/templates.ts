import { readTemplate } from '../../lib/core/model';
import type { Model } from '../../lib/core/model/model';
import type { Statement } from '../../lib/access';

type Json = Readonly<Record<string, unknown>>;

/** The model of a template with these resources. */
export function template(resources: Json, rest: Json = {}): Model {
  return readTemplate(JSON.stringify({ ...rest, Resources: resources }), { name: 'Shop', file: 'shop.json' });
}

export const getAtt = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });

/** A function `Fn` with a role that has these statements, and a table, a queue and a bucket. */
export function worker(statements: readonly object[], rest: Json = {}): Json {
  return {
    Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt('Role') } },
    Role: role(statements),
    Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
    ...rest,
  };
}

export function role(statements: readonly object[], properties: Json = {}): Json {
  const inline = statements.length > 0 && { Policies: [{ PolicyName: 'p', PolicyDocument: document(...statements) }] };
  return { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST, ...inline, ...properties } };
}

export function document(...statements: readonly object[]): Json {
  return { Version: '2012-10-17', Statement: statements };
}

export function may(Action: unknown, Resource: unknown = '*', rest: Partial<Statement> | Json = {}): Json {
  return { Effect: 'Allow', Action, Resource, ...rest };
}

export const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

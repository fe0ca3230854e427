import type { OneOrMany, PolicyDocument, PrincipalElement, Statement } from '../../../lib/access';

export const ACCOUNT = '111111111111';
export const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/orders`;
export const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/app/worker`;

/** A policy of the current version. */
export function policy(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(
  Action: OneOrMany<string>,
  Resource: OneOrMany<string> = '*',
  rest: Partial<Statement> = {},
): Statement {
  return { Effect: 'Allow', Action, Resource, ...rest };
}

export function deny(
  Action: OneOrMany<string>,
  Resource: OneOrMany<string> = '*',
  rest: Partial<Statement> = {},
): Statement {
  return { Effect: 'Deny', Action, Resource, ...rest };
}

/** A statement of a resource policy. */
export function grant(
  Principal: PrincipalElement,
  Action: OneOrMany<string>,
  rest: Partial<Statement> = {},
): Statement {
  return { Effect: 'Allow', Principal, Action, Resource: '*', ...rest };
}

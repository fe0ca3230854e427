import type { Grant } from '../../../lib/core/iam/grants';
import { through } from '../../../lib/core/iam/via-service';

const grant = (operator: string, values: readonly string[], effect: Grant['effect'] = 'Allow'): Grant => ({
  effect,
  actions: { patterns: ['kms:Decrypt'], negated: false },
  resource: '*',
  except: [],
  conditions: [{ operator, key: 'kms:ViaService', values }],
  source: 'Policy',
});

/** What is left of the condition: none that holds, and what is needed where only the deployment tells. */
const left = (one: Grant, region?: string) =>
  through({ service: 'sqs', ...(region !== undefined && { region }) }, one).map(({ conditions }) =>
    conditions.map(({ operator }) => operator).join(),
  );

const [HOLDS, NEEDED, FAILS] = [[''], ['Needs'], []];

test.each([
  ['the service in the region', 'StringEquals', ['sqs.eu-west-1.amazonaws.com'], HOLDS],
  ['the service in another region', 'StringEquals', ['sqs.us-east-1.amazonaws.com'], FAILS],
  ['the service in a region of the deployment', 'StringEquals', ['sqs.<AWS::Region>.amazonaws.com'], HOLDS],
  ['the service with a suffix of the deployment', 'StringEquals', ['sqs.eu-west-1.<AWS::URLSuffix>'], HOLDS],
  ['another service', 'StringEquals', ['sns.<parameter Region>.amazonaws.com'], FAILS],
  ['one of several services', 'ForAnyValue:StringLike', ['sns.*.amazonaws.com', 'sqs.*'], HOLDS],
  ['a service that is known at deployment', 'StringEquals', ['<Service>.eu-west-1.amazonaws.com'], NEEDED],
  [
    'the service, or one that is known at deployment',
    'StringEquals',
    ['<Other>', 'sqs.eu-west-1.amazonaws.com'],
    HOLDS,
  ],
  ['any service but this', 'StringNotLike', ['sqs.*', '<Other>'], FAILS],
  ['any service but one that is known at deployment', 'StringNotEquals', ['<Other>'], NEEDED],
  ['no service', 'Null', ['true'], FAILS],
  ['any service', 'Null', ['false'], HOLDS],
])('a key through %s', (_, operator, values, expected) => {
  expect(left(grant(operator, values), 'eu-west-1')).toEqual(expected);
});

test('a region is not said to be another one where that of the template is not known', () => {
  expect(left(grant('StringEquals', ['sqs.us-east-1.amazonaws.com']))).toEqual(HOLDS);
  expect(left(grant('StringEquals', ['sns.us-east-1.amazonaws.com']))).toEqual(FAILS);
});

test('a denial that only the deployment decides stays under its condition', () => {
  expect(left(grant('StringEquals', ['<Other>'], 'Deny'))).toEqual(['StringEquals']);
  expect(left(grant('StringLike', ['sqs.*'], 'Deny'))).toEqual(HOLDS);
});

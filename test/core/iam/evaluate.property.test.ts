import fc from 'fast-check';
import { type AccessPolicies, evaluate, type PolicyDocument, type Statement } from '../../../lib/access';
import { listOf } from '../../../lib/core/iam/policy';

/**
 * The documented algorithm written down once more and as plainly as can be, on small alphabets: no compilation, no
 * caching, no three-valued logic, wildcards by recursion. The evaluator must agree with it on every case.
 */
const HERE = '111111111111';
const ELSEWHERE = '222222222222';

interface Call {
  action: string;
  resource: string;
  principal: string;
  context: Record<string, string | string[]>;
}

function glob(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') return glob(pattern.slice(1), text) || (text !== '' && glob(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && glob(pattern.slice(1), text.slice(1));
}

/** A wildcard stays within its part of an ARN, unless it ends the part (`beyond`) or stands in the last one. */
function arnGlob(pattern: string, text: string, beyond: boolean, colons = 0): boolean {
  if (pattern === '') return text === '';
  const [head, rest] = [pattern[0]!, pattern.slice(1)];
  if (head === '*') {
    const free = colons >= 5 || (beyond && (rest === '' || rest[0] === ':'));
    if (arnGlob(rest, text, beyond, colons)) return true;
    return text !== '' && (free || text[0] !== ':') && arnGlob(pattern, text.slice(1), beyond, colons);
  }
  if (text === '' || (head !== '?' && head !== text[0])) return false;
  if (head === '?' && colons < 5 && text[0] === ':') return false;
  return arnGlob(rest, text.slice(1), beyond, colons + (head === ':' ? 1 : 0));
}

function compare(operator: string, expected: string, actual: string): boolean {
  if (operator.startsWith('StringLike') || operator.startsWith('StringNotLike')) return glob(expected, actual);
  if (operator.startsWith('Arn')) return arnGlob(expected, actual, false);
  if (operator.includes('IgnoreCase')) return expected.toUpperCase() === actual.toUpperCase();
  if (operator.startsWith('NumericLessThanEquals')) return Number(actual) <= Number(expected);
  if (operator.startsWith('NumericGreaterThan')) return Number(actual) > Number(expected);
  if (operator.startsWith('Numeric')) return Number(actual) === Number(expected);
  return expected === actual;
}

function condition(operator: string, expected: readonly string[], actual: string | string[] | undefined): boolean {
  const [quantifier, name] = operator.includes(':') ? operator.split(':') : ['', operator];
  const negated = name!.includes('Not');
  if (actual === undefined && name!.endsWith('IfExists')) return true;
  if (name === 'Null') {
    const empty = actual === undefined || actual.length === 0;
    return expected.some((value) => (value === 'true') === empty);
  }
  const holds = (value: string) => expected.some((wanted) => compare(name!, wanted, value)) !== negated;
  const values = actual === undefined ? [] : [actual].flat();
  if (quantifier === 'ForAllValues') return values.every(holds);
  if (quantifier === 'ForAnyValue') return values.some(holds);
  return values.length === 0 ? negated : holds(values[0]!);
}

function matches(statement: Statement, call: Call): boolean {
  const action = (pattern: string) => glob(pattern.toLowerCase(), call.action.toLowerCase());
  const resource = (pattern: string) => pattern === '*' || arnGlob(pattern, call.resource, true);
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  return (
    (Action ? listOf(Action).some(action) : !listOf(NotAction).some(action)) &&
    (Resource ? listOf(Resource).some(resource) : !listOf(NotResource).some(resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) =>
        condition(operator, listOf(values).map(String), call.context[key.toLowerCase()]),
      ),
    )
  );
}

/** How a resource policy's statement names the caller; callers here are roles, users, services. */
function names(statement: Statement, principal: string): 'direct' | 'role' | 'account' | undefined {
  const element = statement.Principal;
  if (element === '*') return 'direct';
  if (listOf(element?.AWS).includes('*')) return 'direct';
  if (listOf(element?.Service).includes(principal) || listOf(element?.AWS).includes(principal)) {
    return principal.includes(':role/') ? 'role' : 'direct';
  }
  return listOf(element?.AWS).some((name) => principal.startsWith(`arn:aws:iam::${name}:`)) ? 'account' : undefined;
}

function reference(call: Call, { identity, boundary, resourcePolicy }: AccessPolicies): 'allowed' | 'denied' {
  const of = (policy: PolicyDocument | undefined) => listOf(policy?.Statement).filter((each) => matches(each, call));
  const own = identity.flatMap(of);
  const limits = of(boundary);
  const theirs = of(resourcePolicy).filter((statement) => names(statement, call.principal));
  if ([...own, ...limits, ...theirs].some(({ Effect }) => Effect === 'Deny')) return 'denied';
  const named = theirs.map((statement) => names(statement, call.principal));
  const within = boundary === undefined || limits.length > 0;
  const byIdentity = own.length > 0 && within;
  const byResource = named.includes('direct') || (named.includes('role') && within);
  const service = call.principal.endsWith('.amazonaws.com');
  if (service) return named.includes('direct') ? 'allowed' : 'denied';
  // A bucket's ARN tells no account.
  if (call.resource.includes(HERE) && !call.principal.includes(HERE))
    return byIdentity && (byResource || named.includes('account')) ? 'allowed' : 'denied';
  return byIdentity || byResource ? 'allowed' : 'denied';
}

const action = fc.constantFrom('sqs:Send', 'sqs:SendMessage', 'sqs:Receive', 's3:Get', 'S3:GetObject');
const actionPattern = fc.oneof(action, fc.constantFrom('*', 'sqs:*', 'SQS:Send*', 's3:G?t', '*:Get*', 'sqs:?eceive'));
const resource = fc.constantFrom(
  `arn:aws:sqs:eu-west-1:${HERE}:a`,
  `arn:aws:sqs:eu-west-1:${HERE}:ab`,
  `arn:aws:sqs:us-east-1:${HERE}:a:b`,
  'arn:aws:s3:::a/b/c',
  'arn:aws:s3:::a',
);
const resourcePattern = fc.oneof(
  resource,
  fc.constantFrom('*', 'arn:aws:s3:::*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::?', `arn:aws:sqs:*:${HERE}:a*`),
  fc.constantFrom(
    'arn:aws:sqs:*',
    'arn:aws:sqs:*:a',
    'arn:aws:sqs:e*1:*:a?',
    'arn:aws:sqs:*1:a',
    'arn:*:a',
    'arn:aws:s3::?:a',
  ),
);
const text = fc.constantFrom('a', 'A', 'ab', 'b');
const key = fc.constantFrom('k:One', 'k:Two', 'K:one');
const arn = fc.constantFrom('arn:aws:sns:eu-west-1:111111111111:a', 'arn:aws:sns:us-east-1:222222222222:a:b');

const one = (operators: readonly string[], value: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
      fc.constantFrom(...operators),
      fc.constantFrom('', '', 'IfExists'),
      key,
      fc.array(value, { minLength: 1, maxLength: 3 }),
    )
    .map(([quantifier, operator, suffix, name, values]) => ({ [quantifier + operator + suffix]: { [name]: values } }));

const conditions = fc.oneof(
  one(['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'], text),
  one(['StringLike', 'StringNotLike'], fc.constantFrom('a*', '?', '*', 'a?', 'b')),
  one(['NumericEquals', 'NumericNotEquals', 'NumericLessThanEquals', 'NumericGreaterThan'], fc.constantFrom('1', '2')),
  one(
    ['ArnLike', 'ArnNotLike', 'ArnEquals'],
    fc.constantFrom('arn:aws:sns:*:*:a', 'arn:aws:sns:*:111111111111:?', 'arn:*:sns:*:*:a:*'),
  ),
  fc.tuple(key, fc.constantFrom('true', 'false')).map(([name, value]) => ({ Null: { [name]: value } })),
);

const body = fc.record({
  Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Deny'),
  actions: fc.array(actionPattern, { minLength: 1, maxLength: 2 }),
  resources: fc.array(resourcePattern, { minLength: 1, maxLength: 2 }),
  notAction: fc.constantFrom(false, false, false, true),
  notResource: fc.constantFrom(false, false, false, true),
  Condition: fc.option(conditions, { nil: undefined, freq: 2 }),
});
const statement = body.map(({ Effect, actions, resources, notAction, notResource, Condition }): Statement => ({
  Effect,
  ...(notAction ? { NotAction: actions } : { Action: actions }),
  ...(notResource ? { NotResource: resources } : { Resource: resources }),
  ...(Condition && { Condition }),
}));
const caller = fc.constantFrom(
  `arn:aws:iam::${HERE}:role/r`,
  `arn:aws:iam::${HERE}:user/u`,
  `arn:aws:iam::${ELSEWHERE}:role/r`,
  'sns.amazonaws.com',
);
const principal = fc.oneof(
  fc.constant('*' as const),
  caller.map((name) => (name.startsWith('arn:') ? { AWS: name } : { Service: name })),
  fc.constantFrom({ AWS: HERE }, { AWS: ELSEWHERE }, { AWS: '*' }, { AWS: [HERE, ELSEWHERE] }),
);
const document = (statements: fc.Arbitrary<Statement>) =>
  fc
    .array(statements, { minLength: 1, maxLength: 3 })
    .map((Statement): PolicyDocument => ({ Version: '2012-10-17', Statement }));
const resourceStatement = fc
  .tuple(statement, principal)
  .map(([each, Principal]): Statement => ({ ...each, Principal }));
const policies = fc.record({
  identity: fc.array(document(statement), { maxLength: 2 }),
  boundary: fc.option(document(statement), { nil: undefined }),
  resourcePolicy: fc.option(document(resourceStatement), { nil: undefined }),
});
const value = fc.oneof(text, fc.constantFrom('1', '2', '1.0'), arn);
const call: fc.Arbitrary<Call> = fc.record({
  action,
  resource,
  principal: caller,
  // Several values are only ever compared with a set operator: what happens otherwise is tested by example.
  context: fc.dictionary(fc.constantFrom('k:one', 'k:two'), value, { maxKeys: 2 }),
});

type Random = { [K in keyof AccessPolicies]: AccessPolicies[K] | undefined } & Pick<AccessPolicies, 'identity'>;
const given = ({ identity, boundary, resourcePolicy }: Random): AccessPolicies => ({
  identity,
  ...(boundary && { boundary }),
  ...(resourcePolicy && { resourcePolicy }),
});

test('agrees with the documented algorithm on any request and any policies', () => {
  let allowed = 0;
  fc.assert(
    fc.property(call, policies, (request, random) => {
      const expected = reference(request, given(random));
      if (expected === 'allowed') allowed++;
      expect(evaluate(request, given(random)).verdict).toBe(expected);
    }),
    { numRuns: 1500 },
  );
  expect(allowed).toBeGreaterThan(60);
});

test('agrees with the documented algorithm on context keys with several values', () => {
  const several = fc.record({
    action: fc.constant('sqs:Send'),
    resource: fc.constant('arn:aws:s3:::a'),
    principal: fc.constant(`arn:aws:iam::${HERE}:role/r`),
    context: fc.dictionary(fc.constantFrom('k:one', 'k:two'), fc.array(value, { maxLength: 3 }), { maxKeys: 2 }),
  });
  const quantified = conditions.filter((each) => /:|Null/.test(Object.keys(each)[0]!));
  fc.assert(
    fc.property(several, quantified, (request, Condition) => {
      const identity: PolicyDocument[] = [
        { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition } },
      ];
      expect(evaluate(request, { identity }).verdict).toBe(reference(request, { identity }));
    }),
    { numRuns: 700 },
  );
});

test('without a context never contradicts what any context gives', () => {
  fc.assert(
    fc.property(call, policies, (request, random) => {
      const { context: _, ...without } = request;
      const open = evaluate(without, given(random)).verdict;
      if (open !== 'conditional') expect(evaluate(request, given(random)).verdict).toBe(open);
    }),
    { numRuns: 700 },
  );
});

import fc from 'fast-check';
import { diffAccess, evaluate, type PolicyDocument, type Statement, type Verdict } from '../../lib/access';
import type { Model } from '../../lib/core/model/model';
import { role, template, worker } from './templates';

const BUCKET = 'arn:aws:s3:::';
type Context = Readonly<Record<string, string | number | readonly (string | number)[]>>;
const contexts = (key: string, ...values: readonly Context[string][]): readonly Context[] => [
  {},
  ...values.map((value) => ({ [key]: value })),
];
/** Empty texts among them: to `Null` and the set operators they are no value, to all others a value like any. */
const values: Readonly<Record<string, readonly Context[]>> = {
  n: contexts('n', 0, 5, '5.0', '5.00', 7, 10, '10.0', 12, 'x', '', [5, 10]),
  ip: contexts('ip', '10.0.0.1', '10.0.0.2', '10.1.0.1', '11.0.0.1', '2001:db8::1', 'x', '', ['10.0.0.1', '11.0.0.1']),
  t: contexts('t', 'true', 'false', 'x', '', ['true', 'false']),
};
/** One text of each kind that the patterns below tell apart, whatever their case. */
const texts = ['a', 'b', 'A', 'B', 'c', 'ab', 'AB', 'Ab', 'aB', 'acb', 'ac', 'cb', 'cc'];
const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 'sqs:SendMessage', 'iam:ListRoles'];
const requests = actions.flatMap((action) =>
  ['a', 'b', 'ab', 'aa', 'cb', 'c', 'cc', 'a:b', 'c:b', 'acb', 'acc'].map((name) => ({
    action,
    resource: BUCKET + name,
  })),
);

const suffix = fc.constantFrom('', '', 'IfExists');
const set = fc.constantFrom('', '', 'ForAnyValue:', 'ForAllValues:');
const some = <T>(...values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const condition = fc
  .oneof(
    fc.tuple(
      set,
      fc.constantFrom('StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase'),
      suffix,
      fc.constantFrom('k', 'K'),
      some('a', 'b', 'ab'),
    ),
    fc.tuple(
      set,
      fc.constantFrom('StringLike', 'StringNotLike'),
      suffix,
      fc.constantFrom('k', 'K'),
      some('a', 'ab', 'a*', '*b', '*', '?'),
    ),
    fc.tuple(
      fc.constant(''),
      fc.constantFrom(
        'NumericLessThan',
        'NumericLessThanEquals',
        'NumericGreaterThan',
        'NumericEquals',
        'NumericNotEquals',
      ),
      suffix,
      fc.constant('n'),
      some('5', '10', '5.0'),
    ),
    // The same key as text: each number has more spellings than a policy names.
    fc.tuple(
      fc.constant(''),
      fc.constantFrom('StringEquals', 'StringNotEquals'),
      suffix,
      fc.constant('n'),
      some('5', '10', '5.0'),
    ),
    fc.tuple(
      fc.constant(''),
      fc.constantFrom('IpAddress', 'NotIpAddress'),
      suffix,
      fc.constant('ip'),
      some('10.0.0.0/8', '10.1.0.0/16', '10.0.0.1', '2001:db8::/32'),
    ),
    fc.tuple(
      fc.constant(''),
      fc.constantFrom('Bool', 'Null'),
      fc.constant(''),
      fc.constantFrom('t'),
      some('true', 'false'),
    ),
    fc.tuple(fc.constant(''), fc.constant('Null'), fc.constant(''), fc.constantFrom('k', 'n'), some('true', 'false')),
  )
  .map(([quantifier, operator, exists, key, values]) => ({ [`${quantifier}${operator}${exists}`]: { [key]: values } }));

const statement = fc
  .record({
    Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Deny'),
    actions: fc.constantFrom(['s3:GetObject'], ['s3:*Object'], ['*'], ['s3:PutObject', 'sqs:SendMessage']),
    resources: fc.uniqueArray(
      fc.constantFrom('*', ...['a', 'b', 'a*', '*b', '?', 'a?', '*:b', 'a*b'].map((name) => BUCKET + name)),
      { minLength: 1, maxLength: 2 },
    ),
    not: fc.constantFrom('', '', '', 'NotAction', 'NotResource'),
    Condition: fc.option(condition, { nil: undefined, freq: 4 }),
  })
  .map(({ Effect, actions, resources, not, Condition }): Statement => ({
    Effect,
    ...(not === 'NotAction' ? { NotAction: actions } : { Action: actions }),
    ...(not === 'NotResource' ? { NotResource: resources } : { Resource: resources }),
    ...(Condition && { Condition }),
  }));

interface Policies {
  readonly identity: readonly Statement[];
  readonly boundary: readonly Statement[] | undefined;
}
const policies = fc.record({
  identity: fc.array(statement, { maxLength: 3 }),
  boundary: fc.option(fc.array(statement, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 2 }),
});
/** Mostly the second is a small change of the first, since two unrelated ones nearly always differ. */
const pair = fc
  .tuple(policies, policies, fc.constantFrom('other', 'fewer', 'more', 'changed', 'split', 'swapped'), condition)
  .map(([base, other, change, added]): [Policies, Policies] => {
    const [first, ...rest] = base.identity;
    if (change === 'other' || !first) return [base, other];
    if (change === 'fewer') return [base, { ...base, identity: rest }];
    if (change === 'more') return [base, { ...base, identity: [...base.identity, ...other.identity.slice(0, 1)] }];
    if (change === 'split') {
      const both = [first.Resource].flat().map((Resource) => (Resource === undefined ? first : { ...first, Resource }));
      return [base, { ...base, identity: [...rest, ...both] }];
    }
    const changed = { ...first, Condition: added };
    if (change === 'swapped') return [{ ...base, identity: [changed, ...rest] }, base];
    return [base, { ...base, identity: [changed, ...rest] }];
  });

const document = (statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

function modelOf({ identity, boundary }: Policies): Model {
  const bounded = boundary && {
    B: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(boundary) } },
  };
  const properties = {
    Policies: [{ PolicyName: 'p', PolicyDocument: document(identity) }],
    ...(bounded && { PermissionsBoundary: { Ref: 'B' } }),
  };
  return template(worker([], { Role: role([], properties), ...bounded }));
}

/** One of those each that are answered alike. */
const toldApart = <T>(all: readonly T[], answer: (one: T) => string): readonly T[] => [
  ...new Map(all.map((one) => [answer(one), one])).values(),
];
const verdictOf = (statements: readonly Statement[], request: Parameters<typeof evaluate>[0]) =>
  evaluate(request, { identity: [document(statements)] }).verdict;

const ANY = { Effect: 'Allow', Action: '*', Resource: '*' } as const;

/** Absent, one text, or several: up to as many as there are conditions that may each ask for one, and another. */
function contextsOfK(conditions: readonly NonNullable<Statement['Condition']>[]): readonly Context[] {
  const single = toldApart(texts, (k) =>
    conditions.map((Condition) => verdictOf([{ ...ANY, Condition }], { ...requests[0]!, context: { k } })).join(),
  );
  const listed = ['', ...single];
  let last = listed.map((text) => [text]);
  const lists = single.map((text) => [text, text]);
  for (let size = 2; size <= Math.min(conditions.length + 1, 4); size++) {
    last = last.flatMap((list) => listed.slice(listed.indexOf(list.at(-1)!) + 1).map((text) => [...list, text]));
    lists.push(...last);
  }
  return contexts('k', ...listed, ...lists);
}

/** Requests that stand for all that the statements can tell apart; undefined where they are too many to try. */
function requestsOf(all: readonly Statement[]) {
  const conditions = all.flatMap(({ Condition }) => (Condition ? [Condition] : []));
  const names = new Set(conditions.flatMap((one) => Object.values(one).flatMap((keys) => Object.keys(keys))));
  const keys = new Set([...names].map((name) => name.toLowerCase()));
  if (keys.size > 2) return undefined;
  const onK = conditions.filter((one) => /"k":/i.test(JSON.stringify(one)));
  const combined = [...keys].reduce<readonly Context[]>(
    (found, key) =>
      found.flatMap((context) => (values[key] ?? contextsOfK(onK)).map((value) => ({ ...context, ...value }))),
    [{}],
  );
  const open = all.map((one): Statement => ({ ...one, Effect: 'Allow', Condition: undefined }));
  const kinds = toldApart(requests, (request) =>
    open.map((one) => verdictOf([one], { ...request, context: {} })).join(),
  );
  return kinds.flatMap((request) => combined.map((context) => ({ ...request, context })));
}

/** The verdict on each request. */
function verdicts({ identity, boundary }: Policies, asked: readonly Parameters<typeof evaluate>[0][]) {
  const applied = { identity: [document(identity)], ...(boundary && { boundary: document(boundary) }) };
  return new Map(asked.map((request) => [JSON.stringify(request), evaluate(request, applied).verdict]));
}

/** Whether some request becomes allowed, and whether some may. */
function gain(before: Map<string, Verdict>, after: Map<string, Verdict>) {
  const gained = [...after].filter(([request, now]) => now === 'allowed' && before.get(request) !== 'allowed');
  const perhaps = [...after].some(([request, now]) => now === 'unknown' && before.get(request) !== 'allowed');
  return { gained: gained.map(([request]) => request), perhaps };
}

test('every request that becomes allowed is reported, and nothing else is', () => {
  let [wider, narrower, silent] = [0, 0, 0];
  fc.assert(
    fc.property(pair, ([base, head]) => {
      const asked = requestsOf([base, head].flatMap(({ identity, boundary = [] }) => [...identity, ...boundary]));
      if (!asked) return fc.pre(false);
      const [before, after] = [verdicts(base, asked), verdicts(head, asked)];
      const { widened, narrowed } = diffAccess(modelOf(base), modelOf(head));
      const [more, less] = [gain(before, after), gain(after, before)];
      if (more.gained.length > 0) wider++;
      if (less.gained.length > 0) narrower++;
      if (widened.length === 0 && narrowed.length === 0) silent++;
      if (!more.perhaps) expect([widened.length > 0, more.gained]).toEqual([more.gained.length > 0, more.gained]);
      else if (widened.length === 0) expect(more.gained).toEqual([]);
      if (!less.perhaps) expect([narrowed.length > 0, less.gained]).toEqual([less.gained.length > 0, less.gained]);
      else if (narrowed.length === 0) expect(less.gained).toEqual([]);
    }),
    { numRuns: 50 },
  );
  expect(Math.min(wider, narrower, silent)).toBeGreaterThan(0);
});

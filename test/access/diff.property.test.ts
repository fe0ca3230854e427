import fc from 'fast-check';
import { diffAccess, evaluate, type PolicyDocument, type Statement, type Verdict } from '../../lib/access';
import { type Model } from '../../lib/core/model/model';
import { role, template, worker } from './templates';

const BUCKET = 'arn:aws:s3:::';
type Context = Readonly<Record<string, string | number | readonly (string | number)[]>>;
const contexts = (key: string, ...values: readonly Context[string][]): readonly Context[] => [
  {},
  ...values.map((value) => ({ [key]: value })),
];
const values: Readonly<Record<string, readonly Context[]>> = {
  k: contexts(
    'k',
    'a',
    'b',
    'ab',
    'c',
    'bc',
    '',
    ['a', 'b'],
    ['a', 'ab'],
    ['a', 'c'],
    ['b', 'c'],
    ['c', 'cc'],
    ['a', 'a'],
    ['ab', 'c'],
    ['b', 'b'],
    ['ab', 'b'],
    ['a', 'b', 'c'],
    'A',
    ['A', 'b'],
    ['A', 'c'],
    ['A', 'a'],
    ['acb', 'cb'],
    'acb',
    ['a', 'acb'],
    ['A', 'acb'],
  ),
  n: contexts('n', 0, 5, 7, 10, 12, 'x', [5, 10]),
  ip: contexts('ip', '10.0.0.1', '10.0.0.2', '10.1.0.1', '11.0.0.1', '2001:db8::1', 'x', ['10.0.0.1', '11.0.0.1']),
  t: contexts('t', 'true', 'false', 'x', ['true', 'false']),
};
const requests = {
  actions: ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage', 'iam:ListRoles'],
  resources: ['a', 'b', 'ab', 'aa', 'cb', 'c', 'cc', 'a:b', 'c:b'].map((name) => BUCKET + name),
};

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
  boundary: fc.option(fc.array(statement, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 1 }),
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

/** The verdict on each request. */
function verdicts({ identity, boundary }: Policies, keys: readonly string[]): Map<string, Verdict> {
  const applied = { identity: [document(identity)], ...(boundary && { boundary: document(boundary) }) };
  const contexts = keys.reduce<readonly Context[]>(
    (all, key) => all.flatMap((context) => values[key]!.map((value) => ({ ...context, ...value }))),
    [{}],
  );
  const verdict = (action: string, resource: string, context: Context) =>
    evaluate({ action, resource, context }, applied).verdict;
  const all = requests.actions.flatMap((action) =>
    requests.resources.flatMap((resource) =>
      contexts.map(
        (context) => [`${action} ${resource} ${JSON.stringify(context)}`, verdict(action, resource, context)] as const,
      ),
    ),
  );
  return new Map(all);
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
      const used = JSON.stringify([base, head]);
      const keys = Object.keys(values).filter((key) => used.toLowerCase().includes(`"${key}":`));
      fc.pre(keys.length < 3);
      const [before, after] = [verdicts(base, keys), verdicts(head, keys)];
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
    { numRuns: 25 },
  );
  expect(Math.min(wider, narrower, silent)).toBeGreaterThan(0);
});

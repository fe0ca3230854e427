import fc from 'fast-check';
import { diffAccess, evaluate, type PolicyDocument, type Statement } from '../../lib/access';
import { type Model } from '../../lib/core/model/model';
import { role, template, worker } from './templates';

const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:';
const requests = {
  actions: ['sqs:SendMessage', 'sqs:PurgeQueue', 'sqs:GetQueueUrl', 's3:GetObject'],
  resources: [`${QUEUE}a`, `${QUEUE}ab`, 'arn:aws:s3:::b/k'],
  contexts: [{}, { k: 'x' }, { k: 'y' }],
};

const statement = fc
  .record({
    Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Deny'),
    actions: fc.array(fc.constantFrom(...requests.actions, 'sqs:*', 'sqs:?*Queue*', '*', 's3:Get*'), {
      minLength: 1,
      maxLength: 2,
    }),
    resources: fc.array(
      fc.constantFrom(...requests.resources, '*', `${QUEUE}a*`, `${QUEUE}?`, 'arn:aws:s3:::*', 'arn:aws:*:a'),
      { minLength: 1, maxLength: 2 },
    ),
    notAction: fc.constantFrom(false, false, true),
    notResource: fc.constantFrom(false, false, true),
    Condition: fc.option(
      fc
        .tuple(
          fc.constantFrom('StringEquals', 'StringNotEquals', 'StringEqualsIfExists'),
          fc.constantFrom(['x'], ['y'], ['x', 'y']),
        )
        .map(([operator, values]) => ({ [operator]: { k: values } })),
      { nil: undefined, freq: 2 },
    ),
  })
  .map(({ Effect, actions, resources, notAction, notResource, Condition }): Statement => ({
    Effect,
    ...(notAction ? { NotAction: actions } : { Action: actions }),
    ...(notResource ? { NotResource: resources } : { Resource: resources }),
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
/** Half of the time the second is a small change of the first, since two unrelated ones always differ. */
const pair = fc
  .tuple(policies, policies, fc.boolean(), fc.boolean())
  .map(([base, other, related, fewer]): [Policies, Policies] => {
    if (!related) return [base, other];
    const identity = fewer ? base.identity.slice(1) : [...base.identity, ...other.identity.slice(0, 1)];
    return [base, { ...base, identity }];
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

/** Each request that the policies allow. */
function allowed({ identity, boundary }: Policies): Set<string> {
  const applied = { identity: [document(identity)], ...(boundary && { boundary: document(boundary) }) };
  const all = requests.actions.flatMap((action) =>
    requests.resources.flatMap((resource) =>
      requests.contexts
        .filter((context) => evaluate({ action, resource, context }, applied).verdict === 'allowed')
        .map((context) => `${action} ${resource} ${JSON.stringify(context)}`),
    ),
  );
  return new Set(all);
}

test('nothing that the evaluator allows more or less goes unreported', () => {
  let [wider, narrower, silent] = [0, 0, 0];
  fc.assert(
    fc.property(pair, ([base, head]) => {
      const [before, after] = [allowed(base), allowed(head)];
      const { widened, narrowed } = diffAccess(modelOf(base), modelOf(head));
      const gained = [...after].filter((request) => !before.has(request));
      const lost = [...before].filter((request) => !after.has(request));
      if (gained.length > 0) wider++;
      if (lost.length > 0) narrower++;
      if (widened.length === 0 && narrowed.length === 0) silent++;
      if (widened.length === 0) expect(gained).toEqual([]);
      if (narrowed.length === 0) expect(lost).toEqual([]);
    }),
    { numRuns: 120 },
  );
  expect(Math.min(wider, narrower, silent)).toBeGreaterThan(2);
});

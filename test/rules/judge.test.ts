import { Model, type Resource } from '../../lib/core/model/model';
import { readTemplate } from '../../lib/core/model/read-template';
import { judge } from '../../lib/rules/judge';
import { each, numbers, type Rule } from '../../lib/rules/rule';

const text = { severity: 'error', title: 'T', why: 'W', fix: 'do better', source: 'https://x' } as const;

/** Finds every queue whose delay is over ten, and says unknown where it cannot tell. */
const delay: Rule = {
  ...text,
  id: 'Delay',
  check: each(['AWS::SQS::Queue'], function* (queue) {
    const seconds = numbers(queue, 'DelaySeconds');
    yield* seconds.unknown;
    for (const { value } of seconds.values) {
      if (value > 10) yield { resource: queue, property: 'DelaySeconds', message: `waits ${value} s`, detail: 'long' };
    }
  }),
};

const advice: Rule = {
  ...text,
  id: 'Advice',
  severity: 'warning',
  check: each(['AWS::SQS::Queue'], function* (queue) {
    yield { resource: queue, message: 'could be better', remedy: 'improve it' };
  }),
};

const broken: Rule = {
  ...text,
  id: 'Broken',
  check: each(['AWS::SQS::Queue'], () => {
    throw new Error('oops');
  }),
};

const template = (delaySeconds: unknown, file?: string): Model =>
  readTemplate(
    JSON.stringify(
      {
        Parameters: { Delay: { Type: 'Number' } },
        Resources: { QueueA1B2C3D4: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: delaySeconds } } },
      },
      undefined,
      1,
    ),
    { name: 'T', file },
  );

/** The same model as a CDK app gives it: with construct paths, and what was acknowledged. */
function inApp(model: Model, queuePath: string, acknowledgements: Record<string, string> = {}, at = queuePath): Model {
  const resources = [...model.resources.values()].map((resource): Resource => ({ ...resource, path: queuePath }));
  return new Model(
    [...model.templates.values()].map((one) => ({ ...one, path: 'Shop' })),
    resources,
    Object.entries(acknowledgements).map(([id, reason]) => ({ id, reason, path: at })),
  );
}

const today = '2026-11-21';

test('reports a finding with everything a reader needs', () => {
  const report = judge(template(11, 'shop.json'), { rules: [delay] });
  expect(report.summary).toEqual({ errors: 1, warnings: 0, unknown: 0, unread: 0, acknowledged: 0 });
  expect(report.findings).toEqual([
    {
      id: 'Delay[long]:T/Queue',
      rule: 'Delay',
      severity: 'error',
      template: 'shop.json',
      resource: 'QueueA1B2C3D4',
      property: 'DelaySeconds',
      message: 'waits 11 s',
      remedy: 'do better',
      location: { file: 'shop.json', line: 11, column: 5 },
      acknowledge: 'Lintel::Delay[long]',
    },
  ]);
});

test("takes a finding's own remedy over its rule's", () => {
  expect(judge(template(1), { rules: [advice] }).findings[0]).toMatchObject({
    severity: 'warning',
    remedy: 'improve it',
  });
});

test('keeps what is unknown apart', () => {
  const report = judge(template({ Ref: 'Delay' }), { rules: [delay] });
  expect(report.findings).toEqual([]);
  expect(report.summary.unknown).toBe(1);
  expect(report.unknown[0]).toMatchObject({ id: 'Delay?:T/Queue', message: "parameter 'Delay' has no default" });
});

test('reports a rule that breaks and goes on with the others', () => {
  const wholly: Rule = {
    ...text,
    id: 'Wholly',
    check: () => {
      throw new Error('at once');
    },
  };
  const report = judge(template(11), { rules: [broken, wholly, delay] });
  expect(report.findings).toHaveLength(1);
  expect(report.failures).toEqual([
    { template: 'T', message: 'rule Broken failed on T/Queue: oops' },
    { template: 'T', message: 'rule Wholly failed: at once' },
  ]);
});

test('identifies findings by construct path, whatever the hash', () => {
  const idsOf = (model: Model) =>
    judge(inApp(model, 'Shop/Queue/Resource'), { rules: [delay] }).findings.map(({ id }) => id);
  expect(idsOf(template(11))).toEqual(['Delay[long]:Shop/Queue']);
});

test('tells findings that would have the same id apart by what they say, not by their order', () => {
  const model = template({ 'Fn::If': ['A', 11, 12] });
  expect(judge(model, { rules: [delay] }).findings.map(({ id }) => id)).toEqual([
    'Delay[long]:T/Queue#c46530af',
    'Delay[long]:T/Queue#ced2eb32',
  ]);
  const turned = template({ 'Fn::If': ['A', 12, 11] });
  expect(
    judge(turned, { rules: [delay] })
      .findings.map(({ id }) => id)
      .sort(),
  ).not.toContain('Delay[long]:T/Queue');
});

describe('acknowledgements', () => {
  const queue = 'Shop/Queue/Resource';
  const judged = (acknowledgements: Record<string, string>, at = 'Shop/Queue', delaySeconds: unknown = 11) =>
    judge(inApp(template(delaySeconds), queue, acknowledgements, at), {
      rules: [delay],
      known: ['Delay', 'Other'],
      today,
    });

  test.each([
    ['by rule', 'Lintel::Delay', 'Shop/Queue'],
    ['by finding', 'Lintel::Delay[long]', 'Shop/Queue'],
    ['on the L1 itself', 'Lintel::Delay', queue],
    ['on the stack', 'Lintel::Delay', 'Shop'],
    ['on the app', 'Lintel::Delay', ''],
  ])('hide a finding %s, and show the reason', (_, id, at) => {
    const report = judged({ [id]: 'it is slow' }, at);
    expect(report.findings).toEqual([]);
    expect(report.acknowledged).toHaveLength(1);
    expect(report.acknowledged[0]).toMatchObject({
      rule: 'Delay',
      message: 'waits 11 s',
      reason: 'it is slow',
      by: { id, path: at },
    });
  });

  test.each([
    ['of another construct', 'Lintel::Delay', 'Shop/Que'],
    ['of another finding', 'Lintel::Delay[short]', 'Shop/Queue'],
  ])('%s hide nothing, and are stale', (_, id, at) => {
    const report = judged({ [id]: 'x' }, at);
    expect(report.findings.map(({ rule }) => rule)).toEqual(['Delay', 'StaleAcknowledgement']);
    expect(report.findings[1]).toMatchObject({
      severity: 'warning',
      path: at,
      message: `the acknowledgement of ${id} matches no finding any more`,
      remedy: 'remove the acknowledgement',
    });
  });

  test('of what is unknown are shown as well', () => {
    const report = judged({ 'Lintel::Delay': 'set per stage' }, 'Shop', { Ref: 'Delay' });
    expect(report.summary).toEqual({ errors: 0, warnings: 0, unknown: 0, unread: 0, acknowledged: 1 });
  });

  test('of a rule that does not exist are stale', () => {
    expect(judged({ 'Lintel::Dalay': 'x' }).findings[1]!.message).toBe(
      'the acknowledgement of Lintel::Dalay names no rule',
    );
  });

  test('of rules that are not run and of other tools are left alone', () => {
    expect(judged({ 'Lintel::Other': 'x', 'AwsSolutions::SQS3': 'y' }).summary.warnings).toBe(0);
  });

  test('hold until the day they expire', () => {
    for (const reason of ['slow; expires 2026-11-21', 'slow (expires 2026-11-21)', 'slow, expires: 2026-11-21.']) {
      const [finding] = judged({ 'Lintel::Delay': reason }).acknowledged;
      expect(finding).toMatchObject({ reason: 'slow', expires: '2026-11-21' });
    }
  });

  test.each([
    ['have expired', 'slow; expires 2026-11-20', 'it expired on 2026-11-20'],
    ['have no real day', 'slow; expires 2026-02-31', "its expiry '2026-02-31' is not a date such as 2027-03-31"],
    ['name no day', 'slow; expires soon', "its expiry 'soon' is not a date such as 2027-03-31"],
  ])('hide nothing when they %s', (_, reason, why) => {
    const report = judged({ 'Lintel::Delay': reason });
    expect(report.findings.map(({ rule }) => rule)).toEqual(['Delay', 'ExpiredAcknowledgement']);
    expect(report.findings[1]!.message).toBe(`the acknowledgement of Lintel::Delay does not hold: ${why}`);
  });
});

test.each([
  ['Shop/LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/Resource', 'log retention'],
  ['Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Role', 'a custom resource provider'],
  ['Shop/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/ServiceRole/Resource', 'bucket deployment'],
  ['Shop/Mine/Provider/framework-onEvent/Resource', 'the custom resource provider framework'],
])('attributes what is in %s to aws-cdk-lib', (place, maker) => {
  const report = judge(inApp(template(11), place), { rules: [delay] });
  expect(report.summary).toMatchObject({ errors: 0, acknowledged: 1 });
  expect(report.acknowledged[0]!.reason).toBe(`made by aws-cdk-lib itself: ${maker}`);
});

test('says that a nested template was not read', () => {
  const model = readTemplate(
    'Resources: { Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: s3 } } }',
  );
  expect(judge(model, { rules: [] }).unread).toMatchObject([
    {
      rule: 'NestedStackTemplate',
      kind: 'nested-template',
      message: 'the template of the nested stack is not part of what was read',
    },
  ]);
});

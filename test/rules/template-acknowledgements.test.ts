import { readTemplate } from '../../lib/core/model/read-template';
import { judge } from '../../lib/rules/judge';
import type { Report } from '../../lib/rules/report/report';
import { RULES } from '../../lib/rules/rules/registry';

const judged = (text: string): Report =>
  judge(readTemplate(text, { file: 'shop.yaml' }), { rules: RULES, today: '2026-11-29' });

const rulesOf = (findings: readonly { rule: string }[]): string[] => [...new Set(findings.map(({ rule }) => rule))];

/** A queue without encryption, with what its metadata acknowledge. */
const queue = (...entries: string[]): string => `
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Metadata:
      Lintel:
        acknowledge:
${entries.map((entry) => `          - ${entry}`).join('\n')}
    Properties: { SqsManagedSseEnabled: false }
  Other:
    Type: AWS::SQS::Queue
    Properties: { SqsManagedSseEnabled: false }
`;

test('accepts a finding where the metadata of its resource says so, and no other', () => {
  const { findings, acknowledged } = judged(
    queue('{ rule: QueueEncryption, reason: public data, expires: 2027-03-31 }'),
  );
  expect(acknowledged).toMatchObject([
    {
      rule: 'QueueEncryption',
      resource: 'Jobs',
      reason: 'public data',
      expires: '2027-03-31',
      by: { id: 'Lintel::QueueEncryption', path: 'shop.yaml/Jobs', in: 'template' },
    },
  ]);
  expect(findings.filter(({ rule }) => rule === 'QueueEncryption').map(({ resource }) => resource)).toEqual(['Other']);
});

test('takes the name of a finding as reports print it', () => {
  const { acknowledged } = judged(queue('{ rule: "Lintel::QueueEncryption", reason: public data }'));
  expect(rulesOf(acknowledged)).toEqual(['QueueEncryption']);
});

test('refuses what has expired: the finding counts again, and the acknowledgement is named with its line', () => {
  const { findings, acknowledged } = judged(
    queue('{ rule: QueueEncryption, reason: public data, expires: 2026-11-28 }'),
  );
  expect(acknowledged).toEqual([]);
  expect(findings.find(({ rule }) => rule === 'ExpiredAcknowledgement')).toMatchObject({
    id: 'ExpiredAcknowledgement[QueueEncryption]:shop.yaml/Jobs',
    message: 'the acknowledgement of Lintel::QueueEncryption does not hold: it expired on 2026-11-28',
    location: { file: 'shop.yaml', line: 3 },
  });
});

test.each([
  ['StreamEncryption', 'matches no finding any more'],
  ['QueueEncription', 'names no rule'],
])('refuses an acknowledgement of %s, which %s', (rule, why) => {
  const { findings } = judged(queue(`{ rule: ${rule}, reason: public data }`));
  expect(findings.find((finding) => finding.rule === 'StaleAcknowledgement')?.message).toContain(why);
});

test('refuses malformed entries, all at once, and lets their findings count', () => {
  const { findings, acknowledged } = judged(
    queue('{ rule: QueueEncryption }', '{ rule: QueueEncryption, reason: x, until: tomorrow, expires: soon }', 'all'),
  );
  expect(acknowledged).toEqual([]);
  expect(findings.filter(({ rule }) => rule === 'MalformedAcknowledgement')).toMatchObject([
    {
      resource: 'Jobs',
      message: [
        "acknowledge.0 has no 'reason'",
        "acknowledge.1 has no 'until', only rule, reason, expires",
        "acknowledge.1 has an 'expires' that is not a date such as 2027-03-31",
        'acknowledge.2 is not a map of rule, reason, expires',
      ].join('; '),
    },
  ]);
});

test('holds on a resource of SAM for everything that is made of it, and is stale only where none of that needs it', () => {
  const template = (rules: string): string => `
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Metadata:
      Lintel: { acknowledge: [${rules}] }
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      CodeUri: .
      Events: { Api: { Type: Api, Properties: { Path: /, Method: get } } }
`;
  const found = rulesOf(judged(template('')).findings);
  expect(found).toContain('ApiRouteAuthorizer');
  expect(found).toContain('FunctionTracing');
  const { findings } = judged(
    template('{ rule: ApiRouteAuthorizer, reason: a status page }, { rule: FunctionTracing, reason: too small }'),
  );
  expect(rulesOf(findings)).toEqual(found.filter((rule) => !/^(ApiRouteAuthorizer|FunctionTracing)$/.test(rule)));
});

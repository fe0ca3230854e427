import { filterPatternSyntax } from '../../../../lib/rules/rules/events/filter-pattern-syntax';
import { describeAccepted, describeFaults, judgeAll, modelOf, OPEN } from '../faults';
import { streams } from '../streams/templates';

const filter = (pattern: unknown) => ({ 'FirstMapping.FilterCriteria': { Filters: [{ Pattern: pattern }] } });
const images = (comparison: unknown) =>
  filter(JSON.stringify({ dynamodb: { NewImage: { type: { S: [comparison] } } } }));

describeFaults(filterPatternSyntax, streams, [
  {
    mistake: 'a filter that is no JSON',
    change: filter('{eventName: [INSERT]}'),
    message: 'has a filter that is not JSON',
    open: filter(OPEN),
  },
  {
    mistake: 'a wildcard',
    change: images({ wildcard: 'Order*' }),
    message: "has a filter that has the operator 'wildcard', which Lambda does not support here",
  },
  {
    mistake: 'excluding a prefix',
    change: images({ 'anything-but': { prefix: 'Order' } }),
    message: "has the operator 'anything-but prefix', which Lambda does not support here",
  },
  {
    mistake: 'an empty list, as FilterRule.null() of CDK writes it',
    change: filter('{"eventName":[]}'),
    message: 'has a filter that is an empty list',
  },
  { mistake: 'a value in place of a list', change: filter('{"eventName":"INSERT"}'), message: 'must be a list' },
]);

describeAccepted(filterPatternSyntax, streams, [
  {
    accepts: 'what Lambda takes',
    change: filter(
      JSON.stringify({
        eventName: ['INSERT', { 'anything-but': ['REMOVE'] }],
        $or: [
          { eventID: [{ prefix: 'a' }] },
          { dynamodb: { Keys: { id: { S: [{ suffix: 'z' }, { 'equals-ignore-case': 'x' }] } } } },
        ],
      }),
    ),
  },
]);

test('a filter of a pipe may compare without case, but not with a wildcard; of networks nothing is known', () => {
  const Filters = [{ prefix: { 'equals-ignore-case': 'a' } }, { wildcard: 'a*' }, { cidr: '10.0.0.0/8' }].map(
    (one) => ({
      Pattern: JSON.stringify({ body: { kind: [one] } }),
    }),
  );
  const Pipe = { Type: 'AWS::Pipes::Pipe', Properties: { SourceParameters: { FilterCriteria: { Filters } } } };
  expect(judgeAll(modelOf({ Pipe }), [filterPatternSyntax])).toEqual({
    findings: [
      "FilterPatternSyntax Pipe: has a filter that has the operator 'wildcard', which Pipes does not support here",
    ],
    unknown: ["FilterPatternSyntax Pipe: it is not documented whether Pipes takes 'cidr' here"],
    failures: [],
  });
});

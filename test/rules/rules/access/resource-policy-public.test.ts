import { accessMatrix } from '../../../../lib/access';
import { RuleContext } from '../../../../lib/rules/rule';
import { resourcePolicyPublic } from '../../../../lib/rules/rules/access/resource-policy-public';
import { judged, quiet } from '../../judged';
import { arn, describeAccepted, describeFaults, modelOf, OPEN } from '../faults';
import { deliveries } from '../events/templates';
import { queues } from '../queues/templates';
import { policies } from './templates';

describeFaults(resourcePolicyPublic, policies, [
  {
    mistake: 'a role for everybody',
    change: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Principal': { AWS: '*' } },
    message: 'allows sts:AssumeRole to anyone',
    openButFine: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Principal': { AWS: OPEN } },
  },
]);

describeFaults(resourcePolicyPublic, deliveries, [
  {
    mistake: 'a bus for everybody',
    change: {
      BusPolicy: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          StatementId: 'all',
          Statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: arn('Bus') },
        },
      },
    },
    message: 'allows events:PutEvents to anyone',
  },
]);

describeFaults(resourcePolicyPublic, queues, [
  {
    mistake: 'a queue that takes messages from everybody',
    change: {
      'JobsPolicy.PolicyDocument.Statement.2': {
        Effect: 'Allow',
        Principal: '*',
        Action: 'sqs:SendMessage',
        Resource: '*',
      },
    },
    message: 'allows sqs:SendMessage to anyone',
    open: {
      'JobsPolicy.PolicyDocument.Statement.2': {
        Effect: 'Allow',
        Principal: '*',
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: OPEN,
      },
    },
  },
]);

const everybody = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' };
const api = (properties: object) => ({ Other: { Type: 'AWS::ApiGateway::RestApi', Properties: properties } });
describeAccepted(resourcePolicyPublic, queues, [
  {
    accepts: 'the policy of a private API, which lets in its network',
    change: api({ EndpointConfiguration: { Types: ['PRIVATE'] }, Policy: { Statement: [everybody] } }),
  },
  {
    accepts: 'the policy of an API that denies on a condition what it allows',
    change: api({
      Policy: {
        Statement: [
          everybody,
          { ...everybody, Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } },
        ],
      },
    }),
  },
]);

describe('what access shows as open to anyone, check refuses', () => {
  const open = { Effect: 'Allow', Principal: '*', Action: 'x:Do', Resource: '*' };
  const document = { Version: '2012-10-17', Statement: [open] };

  test.each<[string, object]>([
    ['AWS::ECR::Repository', { RepositoryPolicyText: document }],
    ['AWS::EFS::FileSystem', { FileSystemPolicy: document }],
    ['AWS::KMS::ReplicaKey', { KeyPolicy: document }],
    ['AWS::DynamoDB::GlobalTable', { Replicas: [{ ResourcePolicy: { PolicyDocument: document } }] }],
    ['AWS::Logs::ResourcePolicy', { PolicyDocument: JSON.stringify(document) }],
    ['AWS::SQS::QueuePolicy', { Queues: ['q'], PolicyDocument: { 'Fn::Sub': JSON.stringify(document) } }],
  ])('ResourcePolicyPublic refuses %s for everybody', (Type, Properties) => {
    const model = modelOf({ One: { Type, Properties } });
    expect(accessMatrix(model).entries.map(({ principal }) => principal.kind)).toEqual(['anyone']);
    expect(judged(resourcePolicyPublic, model).findings).toEqual([expect.stringContaining('allows x:Do to anyone')]);
  });

  test('ResourcePolicyPublic does not mind the policy of an endpoint, which grants nothing by itself', () => {
    const endpoint = { Type: 'AWS::EC2::VPCEndpoint', Properties: { PolicyDocument: document } };
    expect(judged(resourcePolicyPublic, { Endpoint: endpoint })).toEqual(quiet);
  });

  test('ResourcePolicyPublic names a finding by what it says: a statement put before it is another one', () => {
    const details = (...statements: readonly object[]) => {
      const policy = { Queues: ['q'], PolicyDocument: { Statement: statements } };
      const model = modelOf({ P: { Type: 'AWS::SQS::QueuePolicy', Properties: policy } });
      return [...resourcePolicyPublic.check(new RuleContext(model))].map((one) =>
        'message' in one ? one.detail : one,
      );
    };
    const wider = { ...open, Action: '*' };
    const [acknowledged] = details(open);
    expect(details(wider, open)).toEqual([expect.not.stringMatching(String(acknowledged)), acknowledged]);
    expect(details({ ...open, Sid: 'Open' })).toEqual(['Open']);
  });

  describe('beside a denial', () => {
    const denial = (more: object) => ({ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*', ...more });
    const outside = { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } };
    const findings = (more: object) => {
      const policy = {
        Queues: ['q'],
        PolicyDocument: { Statement: [{ ...open, Action: 'sqs:SendMessage' }, denial(more)] },
      };
      return judged(resourcePolicyPublic, { P: { Type: 'AWS::SQS::QueuePolicy', Properties: policy } }).findings;
    };

    test('of all who come from elsewhere than a network, ResourcePolicyPublic accepts what it lets in', () => {
      expect(findings({ Condition: outside })).toEqual([]);
    });

    test.each([
      ['is about another action', { Action: 'sqs:ReceiveMessage', Condition: outside }],
      ['is about another resource', { Resource: 'arn:aws:sqs:eu-west-1:111111111111:other', Condition: outside }],
      ['is of some callers', { Principal: { AWS: '111111111111' }, Condition: outside }],
      ['asks for something else', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      ['keeps some out', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
      ['keeps nobody out', { Condition: { NotIpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }],
      [
        'keeps out who also fails another test',
        { Condition: { ...outside, Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    ])('that %s, ResourcePolicyPublic refuses it', (_, more) => {
      expect(findings(more)).toHaveLength(1);
    });
  });
});

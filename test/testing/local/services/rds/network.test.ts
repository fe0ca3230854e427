import type { Deployed, Deployment } from '../../../../../lib/testing/local/kernel/deployment';
import { Network, type Place } from '../../../../../lib/testing/local/services/rds/network/network';

interface Given {
  readonly type: string;
  readonly ref?: string;
  readonly properties: Record<string, unknown>;
}

const subnet = (ref: string, VpcId: string, CidrBlock: string): Given => ({
  type: 'AWS::EC2::Subnet',
  ref,
  properties: { VpcId, CidrBlock },
});
const group = (ref: string, properties: Record<string, unknown> = {}): Given => ({
  type: 'AWS::EC2::SecurityGroup',
  ref,
  properties,
});
const tcp = (more: Record<string, unknown>) => ({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...more });

const SUBNETS = [
  subnet('s-1', 'vpc-1', '10.0.1.0/24'),
  subnet('s-2', 'vpc-1', '10.0.2.0/24'),
  subnet('s-9', 'vpc-9', '10.9.0.0/24'),
];
const FUNCTION: Place = { name: 'App', groups: ['sg-app'], subnets: ['s-1'] };
const PROXY: Place = { name: 'Proxy', groups: ['sg-proxy'], subnets: ['s-2'] };

function way(resources: readonly Given[], from: Place = FUNCTION, to: Place = PROXY): ReturnType<Network['way']> {
  const all = [...SUBNETS, ...resources] as unknown as Deployed[];
  const deployment: Pick<Deployment, 'ofType' | 'withRef'> = {
    ofType: (...types) => all.filter(({ type }) => types.includes(type)),
    withRef: (ref, ...types) => all.find((one) => types.includes(one.type) && one.ref === ref),
  };
  return new Network(deployment as Deployment).way(from, to, 5432);
}

test.each<readonly [string, readonly Given[]]>([
  [
    'a rule for the group, in the group itself',
    [group('sg-app'), group('sg-proxy', { SecurityGroupIngress: [tcp({ SourceSecurityGroupId: 'sg-app' })] })],
  ],
  [
    'a rule beside the group, for the addresses of the subnet',
    [
      group('sg-app'),
      group('sg-proxy'),
      { type: 'AWS::EC2::SecurityGroupIngress', properties: tcp({ GroupId: 'sg-proxy', CidrIp: '10.0.0.0/16' }) },
    ],
  ],
  [
    'rules on both sides, each for the other',
    [
      group('sg-app', { SecurityGroupEgress: [tcp({ DestinationSecurityGroupId: 'sg-proxy' })] }),
      group('sg-proxy', { SecurityGroupIngress: [{ IpProtocol: -1, CidrIp: '0.0.0.0/0' }] }),
    ],
  ],
])('a way is open by %s', (_, resources) => {
  expect(way(resources)).toEqual({});
});

const CLOSED: readonly (readonly [string, readonly Given[], string, Place?, Place?])[] = [
  [
    'a function in no VPC',
    [],
    "'App' is in no VPC, and 'Proxy' has no address outside its own",
    { ...FUNCTION, subnets: [] },
  ],
  [
    'two VPCs',
    [group('sg-app'), group('sg-proxy')],
    "'App' is in the VPC vpc-9, and 'Proxy' in vpc-1",
    { ...FUNCTION, subnets: ['s-9'] },
  ],
  [
    'no rule of the other side',
    [group('sg-app'), group('sg-proxy')],
    "no rule of the security groups of 'Proxy' lets 'App' in on port 5432",
  ],
  [
    'a rule for another port',
    [
      group('sg-app'),
      group('sg-proxy', {
        SecurityGroupIngress: [{ ...tcp({ SourceSecurityGroupId: 'sg-app' }), FromPort: 3306, ToPort: 3306 }],
      }),
    ],
    "lets 'App' in on port 5432",
  ],
  [
    'a function that may send nowhere, as CDK writes it',
    [
      group('sg-app', {
        SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' }],
      }),
      group('sg-proxy', { SecurityGroupIngress: [tcp({ SourceSecurityGroupId: 'sg-app' })] }),
    ],
    "no rule of the security groups of 'App' lets it send to port 5432 of 'Proxy'",
  ],
  [
    'the outside, where nothing lets it in',
    [group('sg-proxy', { SecurityGroupIngress: [tcp({ CidrIp: '10.0.0.0/8' })] })],
    "lets 'App' in on port 5432",
    { ...FUNCTION, subnets: [] },
    { ...PROXY, public: true },
  ],
];

test.each(
  CLOSED.map(([what, resources, reason, from = FUNCTION, to = PROXY]) => [what, resources, reason, from, to] as const),
)('refuses %s', (_, resources, reason, from, to) => {
  expect(way(resources, from, to).closed).toContain(reason);
});

test('what is in no template is not judged, and said', () => {
  expect(way([group('sg-app')])).toEqual({
    unjudged: "the rules of a security group of 'Proxy' are in no template: they are taken to be open",
  });
});

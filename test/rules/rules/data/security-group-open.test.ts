import { securityGroupOpen } from '../../../../lib/rules/rules/data/security-group-open';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { stores } from './templates';

const group = (...ingress: object[]) => ({
  Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', SecurityGroupIngress: ingress } },
});
const world = { IpProtocol: 'tcp', CidrIp: '0.0.0.0/0' };

describeFaults(securityGroupOpen, stores, [
  {
    mistake: 'a database for the world',
    change: group({ ...world, FromPort: 5432, ToPort: 5432 }),
    message: 'lets the internet in to port 5432',
    open: group({ ...world, FromPort: OPEN, ToPort: OPEN }),
  },
  {
    mistake: 'every port over IPv6, in a resource of its own',
    change: { Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { IpProtocol: '-1', CidrIpv6: '::/0' } } },
    message: 'lets the internet in to every port',
  },
  {
    mistake: 'what a VPN has over UDP alone',
    change: group({ ...world, FromPort: 1194, ToPort: 1194 }),
    message: 'lets the internet in to port 1194',
  },
  {
    mistake: 'a range that has more than a web server in it',
    change: group({ ...world, FromPort: 80, ToPort: 9000 }),
    message: 'lets the internet in to ports 80 to 9000',
  },
  {
    mistake: 'the world in production',
    change: group({ ...world, CidrIp: inProduction('0.0.0.0/0', '10.0.0.0/8'), FromPort: 22, ToPort: 22 }),
    message: 'lets the internet in to port 22 when IsProduction',
    open: group({ ...world, CidrIp: OPEN, FromPort: 22, ToPort: 22 }),
  },
  {
    mistake: 'the world over IPv6 in another spelling',
    change: group({ IpProtocol: '6', CidrIpv6: '0:0:0:0:0:0:0:0/0', FromPort: 22, ToPort: 22 }),
    message: 'lets the internet in to port 22',
  },
  {
    mistake: 'half of the world',
    change: group({ ...world, CidrIp: '128.0.0.0/1', FromPort: 22, ToPort: 22 }),
    message: 'lets all of 128.0.0.0/1 in to port 22',
  },
  {
    mistake: 'a protocol without ports, whatever ports it names',
    change: group({ ...world, IpProtocol: '50', FromPort: 443, ToPort: 443 }),
    message: 'lets the internet in to every port',
    open: group({ ...world, IpProtocol: OPEN, FromPort: 22, ToPort: 22 }),
  },
]);

describeAccepted(securityGroupOpen, stores, [
  {
    accepts: 'a web server',
    change: group({ ...world, FromPort: 443, ToPort: 443 }, { ...world, FromPort: 80, ToPort: 80 }),
  },
  {
    accepts: 'the clients of a VPN',
    change: group(
      ...[500, 4500, 1194, 51820].map((port) => ({ ...world, IpProtocol: 'udp', FromPort: port, ToPort: port })),
    ),
  },
  { accepts: 'a network', change: group({ IpProtocol: 'tcp', CidrIp: '10.0.0.0/8', FromPort: 5432, ToPort: 5432 }) },
  {
    accepts: 'a web server for a network that is known only at deployment',
    change: group({ ...world, CidrIp: OPEN, FromPort: 443, ToPort: 443 }),
  },
  {
    accepts: 'private networks',
    change: group({ IpProtocol: '-1', CidrIpv6: 'fc00::/7' }, { IpProtocol: '-1', CidrIp: '172.16.0.0/12' }),
  },
  {
    accepts: 'a prefix list',
    change: group({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, SourcePrefixListId: 'pl-1' }),
  },
  { accepts: 'a ping', change: group({ IpProtocol: 'icmp', CidrIp: '0.0.0.0/0', FromPort: 8, ToPort: -1 }) },
]);

import { securityGroupOpen } from '../../../../lib/rules/rules/data/security-group-open';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { stores } from './templates';

const group = (...ingress: object[]) => ({
  Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', SecurityGroupIngress: ingress } },
});
const world = { IpProtocol: 'tcp', CidrIp: '0.0.0.0/0' };

describeFaults(securityGroupOpen, stores, [
  {
    mistake: 'a database for the world',
    change: group({ ...world, FromPort: 5432, ToPort: 5432 }),
    message: 'lets everybody in to port 5432',
    open: group({ ...world, FromPort: OPEN, ToPort: OPEN }),
  },
  {
    mistake: 'every port over IPv6, in a resource of its own',
    change: { Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { IpProtocol: '-1', CidrIpv6: '::/0' } } },
    message: 'lets everybody in to every port',
  },
  {
    mistake: 'a range that has more than a web server in it',
    change: group({ ...world, FromPort: 80, ToPort: 9000 }),
    message: 'lets everybody in to ports 80 to 9000',
  },
]);

describeAccepted(securityGroupOpen, stores, [
  {
    accepts: 'a web server',
    change: group({ ...world, FromPort: 443, ToPort: 443 }, { ...world, FromPort: 80, ToPort: 80 }),
  },
  { accepts: 'a network', change: group({ IpProtocol: 'tcp', CidrIp: '10.0.0.0/8', FromPort: 5432, ToPort: 5432 }) },
  { accepts: 'a ping', change: group({ IpProtocol: 'icmp', CidrIp: '0.0.0.0/0', FromPort: 8, ToPort: -1 }) },
]);

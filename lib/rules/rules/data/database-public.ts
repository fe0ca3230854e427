import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const databasePublic: Rule = {
  id: 'DatabasePublic',
  severity: 'error',
  title: 'A database has no address on the internet',
  why: 'One open security group then lets anyone try passwords.',
  fix: 'set PubliclyAccessible to false and connect from inside the VPC',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
  check: eachProperty(['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'], 'PubliclyAccessible', booleans, (isPublic) =>
    isPublic ? 'is reachable from the internet' : undefined,
  ),
};

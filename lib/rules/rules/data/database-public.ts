import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

/** A database has no address on the internet. */
export const databasePublic: Rule = {
  id: 'DatabasePublic',
  severity: 'error',
  title: 'A database has no address on the internet',
  why: 'One open security group then lets everybody try passwords.',
  fix: 'set PubliclyAccessible to false and connect from inside the network',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
  check: eachProperty(['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'], 'PubliclyAccessible', booleans, (isPublic) =>
    isPublic ? 'has an address on the internet' : undefined,
  ),
};

import { eachProperty } from '../../each-property';
import { numbers, type Rule } from '../../rule';

export const databaseBackup: Rule = {
  id: 'DatabaseBackup',
  severity: 'error',
  title: 'A database is backed up',
  why: 'With a retention of 0 there are no automatic backups, and no point-in-time restore.',
  fix: 'set BackupRetentionPeriod to 7 days or more',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html',
  check: eachProperty(['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'], 'BackupRetentionPeriod', numbers, (days) =>
    days === 0 ? 'is never backed up' : undefined,
  ),
};

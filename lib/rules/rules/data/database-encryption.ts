import { at } from '../../../core/model/select';
import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

/** A database is encrypted at rest. */
export const databaseEncryption: Rule = {
  id: 'DatabaseEncryption',
  severity: 'error',
  title: 'A database is encrypted at rest',
  why: 'It cannot be switched on later without a new database, and its snapshots are in the clear too.',
  fix: 'set StorageEncrypted to true',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
  check: eachProperty(
    ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    'StorageEncrypted',
    (database, property) => booleans(database, property, false),
    (encrypted, database) => {
      const inherits = at(database, 'DBClusterIdentifier') ?? at(database, 'SourceDBInstanceIdentifier');
      return encrypted || inherits !== undefined ? undefined : 'is not encrypted at rest';
    },
  ),
};

import { at, inWords, toBoolean, together } from '../../../core/model/select';
import { booleans, each, type Rule } from '../../rule';

export const databaseEncryption: Rule = {
  id: 'DatabaseEncryption',
  severity: 'error',
  title: 'A database is encrypted at rest',
  why: 'It cannot be turned on later without a new database, and its snapshots are unencrypted too.',
  fix: 'set StorageEncrypted to true',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
  check: each(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'], function* (database) {
    const property = 'StorageEncrypted';
    yield* booleans(database, property, false).unknown;
    // Only combinations that can occur together.
    const settings = Object.fromEntries([...INHERITS, property].map((name) => [name, at(database, name)]));
    for (const { values, when } of together<string>(settings)) {
      const encrypted = values[property] === undefined ? false : toBoolean(values[property]);
      if (encrypted !== false || INHERITS.some((name) => values[name] !== undefined)) continue;
      yield { resource: database, property, message: `is not encrypted at rest${inWords(when)}` };
    }
  }),
};

/** The source or cluster that a database inherits its encryption from. */
const INHERITS = [
  'DBClusterIdentifier',
  'DBClusterSnapshotIdentifier',
  'DBSnapshotIdentifier',
  'SnapshotIdentifier',
  'SourceDBClusterIdentifier',
  'SourceDBInstanceIdentifier',
];

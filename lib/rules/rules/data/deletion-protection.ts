import { at, eachBranch, inWords, isUnknown, items, toBoolean, toText } from '../../../core/model/select';
import type { Resource } from '../../../core/model/model';
import type { Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

/** The property of each type that protects it from deletion. */
const PROPERTY: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'DeletionProtectionEnabled',
  'AWS::DynamoDB::GlobalTable': 'Replicas',
  'AWS::RDS::DBCluster': 'DeletionProtection',
  'AWS::RDS::DBInstance': 'DeletionProtection',
  'AWS::DSQL::Cluster': 'DeletionProtectionEnabled',
  'AWS::Cognito::UserPool': 'DeletionProtection',
};

export const deletionProtection: Rule = {
  id: 'DeletionProtection',
  severity: 'warning',
  title: 'A table, database or user pool is protected from deletion',
  why: 'A renamed construct, a removed stack or a click in the console deletes it, with all its data.',
  fix: 'turn on deletion protection',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html',
  check: each(Object.keys(PROPERTY), function* (resource) {
    // A cluster's instances hold no data.
    if (resource.type === 'AWS::RDS::DBInstance' && at(resource, 'DBClusterIdentifier') !== undefined) return;
    const property = PROPERTY[resource.type]!;
    for (const { setting, replica } of settings(resource, property)) {
      const what = replica === undefined ? '' : `has a replica in ${replica} that `;
      const detail = replica === undefined ? {} : { detail: replica };
      for (const { value, when } of eachBranch(setting)) {
        if (isUnknown(value)) yield { resource, property, reason: value.reason };
        else if (toBoolean(value) !== true && toText(value) !== 'ACTIVE') {
          yield { resource, property, message: `${what}is not protected from deletion${inWords(when)}`, ...detail };
        }
      }
    }
  }),
};

interface Setting {
  readonly setting: Value | undefined;
  /**
   * The region of a replica.
   * @default - the whole resource
   */
  readonly replica?: string;
}

/** Each replica has its own protection: an unprotected one is deleted with its region's data. */
function settings(resource: Resource, property: string): Setting[] {
  if (resource.type !== 'AWS::DynamoDB::GlobalTable') return [{ setting: at(resource, property) }];
  const replicas = items(at(resource, property));
  return replicas.map((replica) => ({
    setting: at(replica, 'DeletionProtectionEnabled'),
    ...(replicas.length > 1 && { replica: toText(at(replica, 'Region')) ?? 'the region of the stack' }),
  }));
}

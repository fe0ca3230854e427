import { Stack, Token } from 'aws-cdk-lib';
import { CfnGlobalTable, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import { otherAccount, otherRegion, type Place } from './place';

/** A replica of a table in another region of its account. */
export interface Replica {
  readonly region: string;
  /**
   * ARN of the customer-managed key there.
   * @default - an AWS key
   */
  readonly keyArn?: string;
}

/** A replica in the L1's shape. */
interface Specified {
  readonly region: string;
  readonly sseSpecification?: { readonly kmsMasterKeyId?: string };
}

/** The replicas of a table of this app, other than the table itself. An imported table does not reveal any. */
export function replicasOf(table: ITable): readonly Replica[] {
  const definition = table.node.defaultChild;
  if (!CfnGlobalTable.isCfnGlobalTable(definition)) return [];
  const all: unknown = Stack.of(definition).resolve(definition.replicas);
  if (!Array.isArray(all)) return [];
  return (all as Specified[])
    .filter(({ region }) => !Token.isUnresolved(region) && typeof region === 'string' && region !== table.env.region)
    .map(({ region, sseSpecification: sse }) => ({ region, ...(sse && { keyArn: sse.kmsMasterKeyId }) }));
}

/** The replica for a client in a place: in its region, if that is in the table's account. */
export function replicaAt(table: ITable, place: Place): Replica | undefined {
  if (otherAccount(place, table.env) || !otherRegion(place, table.env)) return undefined;
  return replicasOf(table).find(({ region }) => region === place.region);
}

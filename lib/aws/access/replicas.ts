import { Stack, Token } from 'aws-cdk-lib';
import { CfnGlobalTable, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import { otherAccount, otherRegion, type Place } from './place';

/** A table in another region of its account, which the table itself is kept alike with. */
export interface Replica {
  readonly region: string;
  /**
   * ARN of the customer's key there.
   * @default - a key of AWS
   */
  readonly keyArn?: string;
}

/** A replica as the L1 has it. */
interface Specified {
  readonly region: string;
  readonly sseSpecification?: { readonly kmsMasterKeyId?: string };
}

/** The replicas of a table of this app, but for the table itself. An imported one does not tell. */
export function replicasOf(table: ITable): readonly Replica[] {
  const definition = table.node.defaultChild;
  if (!CfnGlobalTable.isCfnGlobalTable(definition)) return [];
  const all: unknown = Stack.of(definition).resolve(definition.replicas);
  if (!Array.isArray(all)) return [];
  return (all as Specified[])
    .filter(({ region }) => !Token.isUnresolved(region) && typeof region === 'string' && region !== table.env.region)
    .map(({ region, sseSpecification: sse }) => ({ region, ...(sse && { keyArn: sse.kmsMasterKeyId }) }));
}

/** The replica that a client of a place asks: of its region, in the account of the table. */
export function replicaAt(table: ITable, place: Place): Replica | undefined {
  if (otherAccount(place, table.env) || !otherRegion(place, table.env)) return undefined;
  return replicasOf(table).find(({ region }) => region === place.region);
}

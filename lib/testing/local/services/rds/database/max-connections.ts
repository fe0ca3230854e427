import { rds } from '../../../../../core/facts';
import type { Deployed, Deployment } from '../../../kernel/deployment';
import { number, recordOf, text } from '../../../kernel/json';

/** Memory of the `large` size of each instance family, in GB. */
const FAMILIES: Readonly<Record<string, number>> = { t: 8, m: 8, c: 4, r: 16, x: 32 };
const SMALL: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4 };

/** Bytes of memory per connection; a tenth of the memory is set aside for other uses. */
const PER_CONNECTION = 9_531_392;
const USABLE = 0.9;
const MOST = 5000;

/** `max_connections`, from the template or derived from the instance size. */
export function maxConnections(database: Deployed, deployment: Deployment): number {
  return setIn(database, deployment) ?? ofServerless(database) ?? ofClass(database, deployment);
}

/** The number in its parameter group; a formula falls back to its size. */
function setIn({ properties }: Deployed, deployment: Deployment): number | undefined {
  const group =
    deployment.withRef(text(properties.DBClusterParameterGroupName), 'AWS::RDS::DBClusterParameterGroup') ??
    deployment.withRef(text(properties.DBParameterGroupName), 'AWS::RDS::DBParameterGroup');
  return number(recordOf(group?.properties.Parameters).max_connections);
}

function ofServerless({ properties }: Deployed): number | undefined {
  const { MinCapacity, MaxCapacity } = recordOf(properties.ServerlessV2ScalingConfiguration);
  const most = number(MaxCapacity);
  if (most === undefined) return undefined;
  return rds.serverlessMost('postgres', number(MinCapacity) ?? 1, most);
}

function ofClass(database: Deployed, deployment: Deployment): number {
  const name = text(database.properties.DBInstanceClass) ?? classIn(database, deployment) ?? '';
  const [, family = 'm', size = 'large'] = /^db\.([a-z])[^.]*\.(\w+)$/.exec(name) ?? [];
  const steps = Number(/^(\d*)xlarge$/.exec(size)?.[1] || (size === 'xlarge' ? 1 : 0));
  const memory = SMALL[size] ?? (FAMILIES[family] ?? 8) * (steps === 0 ? 1 : steps * 2);
  return Math.min(Math.floor((memory * 2 ** 30 * USABLE) / PER_CONNECTION), MOST);
}

/** The instance class; for a cluster, that of its instance. */
function classIn({ ref }: Deployed, deployment: Deployment): string | undefined {
  const member = deployment
    .ofType('AWS::RDS::DBInstance')
    .find(({ properties }) => text(properties.DBClusterIdentifier) === ref);
  return text(member?.properties.DBInstanceClass);
}

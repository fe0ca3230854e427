import { type DatabaseEngine, serverlessMost } from '../../core/facts/rds';
import type { Model, Resource } from '../../core/model/model';
import { at, toNumber, toText } from '../../core/model/select';
import { displayName } from '../../core/model/display';
import { pairsOf } from './pairs';

/** A database whose connection limit changes, effective when its instances reboot. */
export interface Reboot {
  readonly stack: string;
  readonly resource: string;
  /** `max_connections` of an instance until then, and after; undefined if only the deployment knows the capacity. */
  readonly before?: number;
  readonly after?: number;
}

const CLUSTER = 'AWS::RDS::DBCluster';
const SCALING = 'ServerlessV2ScalingConfiguration';
const ENGINES: Readonly<Record<string, DatabaseEngine | undefined>> = {
  'aurora-postgresql': 'postgres',
  'aurora-mysql': 'mysql',
};

/**
 * Databases whose capacity change affects their connection limit: RDS computes it when an instance starts.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export function rebootsNeeded(before: Model, after: Model): readonly Reboot[] {
  return pairsOf(before, after).flatMap(({ stack, before: base, after: head }) =>
    (head?.resources ?? []).flatMap((cluster) => {
      const old = base?.resources.find(({ type, logicalId }) => type === CLUSTER && logicalId === cluster.logicalId);
      if (cluster.type !== CLUSTER || old === undefined) return [];
      const [was, is] = [old, cluster].map(connectionsOf);
      if (was === undefined || is === undefined || was.text === is.text) return [];
      if (was.most === is.most && was.most !== undefined) return [];
      const counts = was.most !== undefined && is.most !== undefined && { before: was.most, after: is.most };
      return [{ stack, resource: displayName(cluster), ...counts }];
    }),
  );
}

function connectionsOf(cluster: Resource): { readonly text: string; readonly most?: number } | undefined {
  const engine = ENGINES[toText(at(cluster, 'Engine')) ?? ''];
  const scaling = at(cluster, SCALING);
  if (engine === undefined || scaling === undefined) return undefined;
  const [min, max] = ['MinCapacity', 'MaxCapacity'].map((name) => toNumber(at(cluster, `${SCALING}.${name}`)));
  const known = min !== undefined && max !== undefined;
  return { text: JSON.stringify(scaling), ...(known && { most: serverlessMost(engine, min, max) }) };
}

import { CertificateAuthority } from '../../../engines/certificates';
import type { Deployed } from '../../kernel/deployment';
import { AwsError } from '../../kernel/aws-errors';
import { LocalRunError } from '../../kernel/errors';
import type { Authority } from '../../kernel/hosts';
import { recordOf, text } from '../../kernel/json';
import type { LocalContext, LocalService, ServicePrincipal } from '../../kernel/service';
import { runtimeOf } from '../../lambda/runtimes/runtime-kind';
import { CLUSTER, Database, INSTANCE } from './database/database';
import { databaseHandle, proxyHandle } from './handle';
import { Network } from './network/network';
import { ENDPOINT, Proxy, PROXY, TARGETS } from './proxy/proxy';
import { SecretReader } from './secrets';

/** Resource types that are only read, such as those of the network. */
const READ = [
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::RDS::DBSubnetGroup',
  'AWS::RDS::DBClusterParameterGroup',
  'AWS::RDS::DBParameterGroup',
];

/**
 * Amazon RDS: PostgreSQL clusters and instances on an embedded server of the same major version, and their proxies.
 * Functions reach them under their AWS host names and ports, over TLS.
 */
export function rds(context: LocalContext): LocalService {
  const { deployment } = context;
  const network = new Network(deployment);
  const secrets = new SecretReader(context);
  const authorities = new Map<Authority, CertificateAuthority>();
  const databases = deployment
    .ofType(CLUSTER, INSTANCE)
    // An instance of a cluster is part of it.
    .filter(({ type, properties }) => type === CLUSTER || properties.DBClusterIdentifier === undefined)
    .map((deployed) => new Database(deployed, { context, network, secrets, authority: authority('rds') }));
  const proxies = deployment
    .ofType(PROXY)
    .map(
      (deployed) =>
        new Proxy(deployed, { context, network, secrets, authority: authority('public'), database: databaseOf }),
    );

  function databaseOf(id: string): Database | undefined {
    return databases.find(({ deployed }) => [deployed.ref, deployed.name].includes(id));
  }

  /** All databases share one CA, all proxies another. */
  function authority(kind: Authority): CertificateAuthority {
    const known = authorities.get(kind);
    if (known) return known;
    const made = new CertificateAuthority(`Local run (${kind})`);
    authorities.set(kind, made);
    context.hosts.trust(kind, made.cert);
    return made;
  }

  async function start(): Promise<void> {
    for (const one of [...databases, ...proxies]) {
      const reason = one.whyNotRun();
      if (reason === undefined) await one.start();
      else context.unsupported({ resource: one.name, type: one.deployed.type, reason });
    }
  }

  /** Reports what could not be judged for functions that know a database's host name. */
  async function begin(): Promise<void> {
    for (const { deployed: fn } of context.functions.all) {
      const variables = JSON.stringify(recordOf(fn.properties.Environment));
      const known = context.hosts.names.filter((host) => variables.includes(host));
      if (known.length === 0) continue;
      const report = (reason: string) => context.unsupported({ resource: fn.displayName, type: fn.type, reason });
      if (!runtimeOf(fn).startsWith('nodejs')) {
        report(`it does not reach '${known.join("', '")}': only functions on Node.js find a database by its name here`);
      }
      for (const one of proxies) {
        const { unjudged } = network.way(network.ofFunction(fn), one.place, 5432);
        if (unjudged !== undefined && variables.includes(one.deployed.attribute('Endpoint') ?? ' ')) report(unjudged);
      }
    }
  }

  function principals(): readonly ServicePrincipal[] {
    return proxies
      .filter((one) => one.whyNotRun() === undefined)
      .map(({ deployed }) => ({
        resource: deployed,
        role: text(deployed.properties.RoleArn) ?? '',
        service: 'rds.amazonaws.com',
      }));
  }

  function found<T extends { readonly deployed: Deployed }>(all: readonly T[], { resource, displayName }: Deployed): T {
    const one = all.find(({ deployed }) => deployed.resource.id === resource.id);
    if (one) return one;
    throw new LocalRunError(`'${displayName}' is an instance of a cluster; name the cluster`);
  }

  return {
    resourceTypes: [CLUSTER, INSTANCE, PROXY, ENDPOINT, TARGETS, ...READ],
    writers: [CLUSTER, INSTANCE, PROXY],
    api: {
      signingNames: ['rds'],
      protocol: 'query',
      denial: { code: 'AccessDenied', status: 403 },
      needs: () => undefined,
      handle: async ({ operation }) => {
        throw new AwsError('InvalidAction', `${operation} is not answered here`, 400);
      },
    },
    handles: {
      database: { types: [CLUSTER, INSTANCE], of: (one) => databaseHandle(found(databases, one)) },
      proxy: { types: [PROXY], of: (one) => proxyHandle(found(proxies, one)) },
    },
    principals,
    start,
    begin,
    stop: async () => {
      for (const one of [...proxies, ...databases]) await one.stop();
    },
  };
}

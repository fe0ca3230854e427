import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { attempt } from './target';

/** Services that a function in a VPC may have to reach. */
export type RoutedService = 's3' | 'secretsmanager' | 'rds';

/** How to add a route to a service, and its cost. */
const REMEDIES: Readonly<Record<RoutedService, string>> = {
  s3: "vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 }), which is free",
  secretsmanager:
    "vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER }), about 8 USD a month and zone",
  rds: "vpc.addInterfaceEndpoint('Rds', { service: InterfaceVpcEndpointAwsService.RDS }), about 8 USD a month and zone",
};

/** Subnets with a route to everything, if there are any; otherwise the database's. */
export function subnetsWithEgress(vpc: ec2.IVpc, others: ec2.SubnetSelection): ec2.SubnetSelection {
  const open = vpc.privateSubnets.filter(leadsOut);
  return open.length > 0 ? { subnets: open } : others;
}

/** Whether a subnet has a route out. An imported one's type is taken on trust; CDK also creates such subnets without a gateway. */
function leadsOut(subnet: ec2.ISubnet): boolean {
  const made = subnet.node.findAll().some(ec2.CfnSubnet.isCfnSubnet);
  return !made || subnet.node.findAll().some((one) => ec2.CfnRoute.isCfnRoute(one) && one.natGatewayId !== undefined);
}

/**
 * Services that some subnets have no route to, neither through a gateway nor through an endpoint of this app. Final once the
 * app is complete.
 * @param known routes that the VPC has but this app does not see
 */
export function unreached(
  vpc: ec2.IVpc,
  selection: ec2.SubnetSelection,
  needed: readonly RoutedService[],
  known: readonly RoutedService[],
): readonly { readonly service: RoutedService; readonly remedy: string }[] {
  const subnets = vpc.selectSubnets(selection).subnets;
  const open = subnets.every((subnet) => attempt(() => vpc.privateSubnets.includes(subnet)) && leadsOut(subnet));
  if (open) return [];
  const endpoints = vpc.node.root.node.findAll().filter(ec2.CfnVPCEndpoint.isCfnVPCEndpoint);
  const reached = (service: RoutedService) =>
    endpoints.some((endpoint) => leadsTo(endpoint, service) && sameNetwork(endpoint, vpc));
  return needed
    .filter((service) => !known.includes(service) && !reached(service))
    .map((service) => ({ service, remedy: REMEDIES[service] }));
}

function leadsTo(endpoint: ec2.CfnVPCEndpoint, service: RoutedService): boolean {
  const name = JSON.stringify(Stack.of(endpoint).resolve(endpoint.serviceName) ?? '');
  return new RegExp(`\\.${service}"`).test(name);
}

function sameNetwork(endpoint: ec2.CfnVPCEndpoint, vpc: IConstruct & ec2.IVpc): boolean {
  const resolve = (value: unknown) => JSON.stringify(Stack.of(vpc).resolve(value));
  return resolve(endpoint.vpcId) === resolve(vpc.vpcId);
}

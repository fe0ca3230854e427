import { Stack } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, type IAliasRecordTarget, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { parseArn } from '../../core/arn';
import type { Check } from '../../core/check/check';
import { having, needed, object, text } from '../../core/check/kinds';
import type { Shape } from '../../core/check/shape';
import { isUnresolved } from '../../core/unresolved';

/** An API's custom domain. */
export interface DomainProps {
  /** The name, such as `api.example.com`. */
  readonly name: string;
  /** A certificate for the name, in the region of the API. */
  readonly certificate: ICertificate;
  /**
   * The hosted zone in which to create the DNS record.
   * @default - none: create the record yourself
   */
  readonly zone?: IHostedZone;
}

/** Shape of a domain's props. */
export const DOMAIN_SHAPE: Shape<DomainProps> = {
  name: needed(text('api.example.com'), "give the name: 'api.example.com'"),
  certificate: needed(
    having('a certificate', 'certificateArn', 'pass the certificate itself'),
    'pass a certificate for the name, in the region of the API',
  ),
  zone: having('a hosted zone', 'hostedZoneId', 'pass the zone itself'),
};

/** A domain. */
export const DOMAIN = object<DomainProps>(DOMAIN_SHAPE, "{ name: 'api.example.com', certificate }", {
  domainName: "write 'name'",
  hostedZone: "write 'zone'",
});

const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

/** Checks of an API's `domain`. */
export function domainChecks({ name, zone }: DomainProps): Check[] {
  const zoneName = zone?.zoneName;
  return [
    {
      prop: 'domain.name',
      value: name,
      valid: () => HOST.test(name),
      rule: 'must be a host name in lower case',
      remedy: "write it without scheme, port and path, such as 'api.example.com'",
    },
    {
      prop: 'domain.zone',
      value: zoneName,
      reads: [name],
      valid: () => zoneName === undefined || name === zoneName || name.endsWith(`.${zoneName}`),
      rule: `must be a zone that contains '${isUnresolved(name) ? '' : name}'`,
      remedy: "pass the zone of the name's own domain",
    },
  ];
}

/** API Gateway takes a regional certificate from its own region alone; that of CloudFront is in us-east-1. */
export function nearCertificate(scope: Construct, domain: object | undefined): Check[] {
  const { certificate } = (domain ?? {}) as Partial<DomainProps>;
  const { region } = Stack.of(scope);
  const arn = certificate?.certificateArn;
  const there = arn === undefined || isUnresolved(arn) ? undefined : parseArn(arn)?.region;
  return [
    {
      prop: 'domain.certificate',
      value: arn,
      reads: [region],
      valid: () => there === undefined || there === region,
      rule: `must be in the region of the API (${region})`,
      remedy: 'pass a certificate that is there',
    },
  ];
}

/** Creates the DNS record, if the team gave a zone. */
export function addRecord(scope: Construct, { name, zone }: DomainProps, target: IAliasRecordTarget): void {
  if (zone) new ARecord(scope, 'AliasRecord', { zone, recordName: `${name}.`, target: RecordTarget.fromAlias(target) });
}

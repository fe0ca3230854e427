import type { IDomainName as RestDomainName } from 'aws-cdk-lib/aws-apigateway';
import type { IDomainName as HttpDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Check } from '../../core/check/check';
import { filled, having, known, needed, object, text } from '../../core/check/kinds';
import type { Kind } from '../../core/check/shape';
import { BUCKET } from '../resource-kinds';
import { DOMAIN_SHAPE, domainChecks, type DomainProps } from './domain';

/** Where the truststore is: the certificates of accepted client CAs. */
export interface TruststoreProps {
  /** A versioned bucket in the API's region. */
  readonly bucket: IBucket;
  /** The object, with the certificates in PEM: `truststore.pem`. */
  readonly key: string;
  /** The version of the object. API Gateway reloads the truststore only when this changes. */
  readonly version: string;
}

/** A custom domain created for the API. */
export interface OwnDomainProps extends DomainProps {
  /**
   * The first path segment of the API, so that other APIs can share the domain: `orders`.
   * @default - the API has the whole domain
   */
  readonly basePath?: string;
  /**
   * Requires client certificates (mutual TLS), issued by a CA in this truststore.
   * @default - clients need no certificate
   */
  readonly mutualTls?: TruststoreProps;
}

/** A place under an existing domain: another API's, or an imported one. */
export interface SharedDomainProps {
  /** The domain: `other.domain`, or `DomainName.fromDomainNameAttributes(...)`. */
  readonly existing: RestDomainName | HttpDomainName;
  /** The first path segment of the API: `orders`. */
  readonly basePath: string;
}

/** The domain of an API. */
export type ApiDomainProps = OwnDomainProps | SharedDomainProps;

const BASE_PATH = known(filled('orders'));

const OWN = object<OwnDomainProps>(
  {
    ...DOMAIN_SHAPE,
    basePath: BASE_PATH,
    mutualTls: object<TruststoreProps>(
      {
        bucket: needed(BUCKET, 'pass the bucket of the truststore'),
        key: needed(filled('truststore.pem'), "name the object: 'truststore.pem'"),
        version: needed(
          text('3sL4kqtJlcpXroDTDmJ'),
          'give the version of the object: the truststore is reloaded only when this changes',
        ),
      },
      "{ bucket, key: 'truststore.pem', version }",
    ),
  },
  "{ name: 'api.example.com', certificate }",
  { domainName: "write 'name'", hostedZone: "write 'zone'", mtls: "write 'mutualTls'", mappingKey: "write 'basePath'" },
);

const SHARED = object<SharedDomainProps>(
  {
    existing: needed(
      having('a domain of API Gateway', ['domainNameAliasDomainName', 'regionalDomainName'], "pass it: 'other.domain'"),
      'pass the domain',
    ),
    basePath: needed(BASE_PATH, "name this API's path segment: 'orders'"),
  },
  "{ existing: other.domain, basePath: 'orders' }",
  { certificate: 'remove it: the domain has one', name: 'remove it: the domain has one' },
);

/** A domain of an API. */
export const API_DOMAIN: Kind = {
  ...OWN,
  inside: (value: object, prop) => ('existing' in value ? SHARED : OWN).inside?.(value as never, prop) ?? [],
};

/** Whether a domain exists already. */
export function isShared(domain: ApiDomainProps): domain is SharedDomainProps {
  return 'existing' in domain;
}

/** The name of a domain. */
export function domainNameOf(domain: ApiDomainProps): string {
  if (!isShared(domain)) return domain.name;
  return 'domainName' in domain.existing ? domain.existing.domainName : domain.existing.name;
}

/** Address of an API under a domain, with a trailing slash. */
export function domainUrl(domain: ApiDomainProps): string {
  return `https://${domainNameOf(domain)}/${domain.basePath === undefined ? '' : `${domain.basePath}/`}`;
}

/** Checks of an API's `domain`. */
export function apiDomainChecks(domain: ApiDomainProps): Check[] {
  const { basePath } = domain;
  return [
    {
      prop: 'domain.basePath',
      value: basePath,
      valid: () => basePath === undefined || /^[\w.~!$'()*+,;=:@-]+$/.test(basePath),
      rule: 'must be one segment of a path',
      remedy: "write it without slashes, such as 'orders'",
    },
    ...(isShared(domain) ? [] : domainChecks(domain)),
  ];
}

import { isIP } from 'node:net';
import { type Size, Stack } from 'aws-cdk-lib';
import type { IResource, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { within } from '../../core/facts/fact';
import { messageAttributes, messageSize } from '../../core/facts/sqs';
import { domainChecks, nearCertificate } from '../api/domain';
import type { Adoption } from '../queue-adoption';
import { type QueueConsumption, queueWorkerChecks } from '../queue-consumption';
import { isFunction, settingsOf } from '../service-function';
import type { HandlerSource } from '../service-function-props';
import { canBeWrapped } from '../wrapped-handler';
import type { WebhookApiProps } from './webhook-api';
import { HEADER, schemeOf, signatureChecks, type WebhookSignature } from './webhook-signature';

/** Media types a receiver accepts by default. */
export const CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'];

/** The props of a receiver that are checked here. */
export interface ReceiverProps
  extends WebhookApiProps, Pick<QueueConsumption & Adoption, 'batch' | 'maxConcurrency' | 'maxAttempts'> {
  /** Processes the requests. */
  readonly handler: HandlerSource;
  readonly signature: WebhookSignature;
  /** Where the signature is checked. */
  readonly verify?: 'worker' | 'before-queue';
  readonly challenge?: 'slack' | 'meta';
  /** Headers passed to the handler. */
  readonly headers?: readonly string[];
  /** Largest request. */
  readonly maxRequestSize?: Size;
  /** Accepted media types. */
  readonly contentTypes?: readonly string[];
}

/** Checks of a receiver's props. */
export function receiverChecks(scope: Construct, props: ReceiverProps): Check[] {
  return [
    ...queueWorkerChecks(props),
    ...handlerChecks(props),
    ...signatureChecks(props.signature),
    ...headerChecks(props),
    ...challengeChecks(props),
    ...requestChecks(props),
    ...apiChecks(scope, props),
    ...nearCertificate(scope, props.domain),
  ];
}

function handlerChecks({ handler, verify }: ReceiverProps): Check[] {
  const settings = isFunction(handler) ? undefined : settingsOf(handler);
  return [
    {
      prop: 'handler',
      value: isFunction(handler) ? handler : (settings?.handler ?? settings?.entry),
      valid: () => verify === 'before-queue' || canBeWrapped(handler),
      rule: "must be the path of a module that exports 'handler', because the signature is checked around it",
      remedy: "give its path, or set 'verify' to 'before-queue'",
    },
  ];
}

/** Number of message attributes that the receiver uses itself. */
function ownAttributes({ signature, verify }: ReceiverProps): number {
  if (verify === 'before-queue') return 0;
  const { timestampHeader, idHeader, payload } = schemeOf(signature);
  return (
    2 + [timestampHeader, idHeader].filter((name) => name !== undefined).length + (payload?.includes('{url}') ? 1 : 0)
  );
}

function headerChecks(props: ReceiverProps): Check[] {
  const { headers = [] } = props;
  const reads = headers;
  const lower = headers.map((name) => String(name).toLowerCase());
  const most = () => messageAttributes.value - ownAttributes(props);
  return [
    {
      prop: 'headers',
      value: headers,
      reads,
      valid: () => headers.every((name) => HEADER.test(name) && !/^(aws|amazon)/i.test(name)),
      rule: "must be header names, and not start with 'aws' or 'amazon', which attribute names may not",
      remedy: "write them as ['X-GitHub-Event']",
    },
    {
      prop: 'headers',
      value: headers,
      reads,
      valid: () => new Set(lower).size === lower.length,
      rule: 'must name each header only once, ignoring case',
      remedy: 'remove the second',
    },
    {
      prop: 'headers',
      value: reads.length,
      reads,
      valid: () => reads.length <= most(),
      rule: `must be at most ${messageAttributes.value} including those for the signature, the most a message can have`,
      remedy: 'name only the headers that the handler reads',
    },
  ];
}

function challengeChecks({ challenge, verify, signature }: ReceiverProps): Check[] {
  return [
    {
      prop: 'challenge',
      value: challenge,
      valid: () => challenge === undefined || verify === 'before-queue',
      rule: 'must not be given when requests are queued without being checked first',
      remedy: "set 'verify' to 'before-queue'",
    },
    {
      prop: 'signature.field',
      value: signature.field,
      valid: () => challenge !== 'meta' || (signature.field !== undefined && signature.field !== 'verifyToken'),
      rule: "must be given with Meta's challenge, whose secret also holds 'verifyToken'",
      remedy: 'keep both in a JSON secret, and name the field with the app secret',
    },
  ];
}

function requestChecks({ maxRequestSize, contentTypes = CONTENT_TYPES, throttle }: ReceiverProps): Check[] {
  const size = maxRequestSize?.toBytes();
  return [
    {
      prop: 'maxRequestSize',
      value: size,
      valid: () => size === undefined || (Number.isInteger(size) && within(messageSize.value, size)),
      rule: `must be ${messageSize.value.min} to ${messageSize.value.max} bytes`,
      remedy: 'choose a size in that range; for more, let the sender refer to a file',
    },
    {
      prop: 'contentTypes',
      value: contentTypes,
      reads: contentTypes,
      valid: () => contentTypes.length > 0 && contentTypes.every((type) => /^[\w.+-]+\/[\w.+-]+$/.test(type)),
      rule: 'must be media types, at least one',
      remedy: "write them as 'application/json'",
    },
    {
      prop: 'throttle.burst',
      value: throttle?.burst,
      valid: () => throttle === undefined || !(throttle.burst > 0) || Number.isInteger(throttle.burst),
      rule: 'must be a whole number',
      remedy: 'give the requests that may arrive at once',
    },
    ...(['rate', 'burst'] as const).map((limit) => ({
      prop: `throttle.${limit}`,
      value: throttle?.[limit],
      valid: () => throttle === undefined || throttle[limit] > 0,
      rule: 'must be above 0',
      remedy: 'give the requests per second to accept',
    })),
  ];
}

function apiChecks(scope: Construct, { api, path, domain, allowFrom, throttle }: ReceiverProps): Check[] {
  const ofTheApi = Object.entries({ domain, allowFrom, throttle }).filter(([, value]) => value !== undefined);
  return [
    {
      prop: 'path',
      value: path,
      valid: () => path === undefined || path === '/' || /^(\/[A-Za-z0-9._~-]+)+$/.test(path),
      rule: 'must start with a slash, without parameters or a trailing slash',
      remedy: "write it as '/stripe'",
    },
    {
      prop: 'path',
      value: path,
      valid: () => path === undefined || !taken(api, path),
      rule: "must not be the path of another receiver on 'api'",
      remedy: 'give each sender a path of its own',
    },
    {
      prop: 'path',
      value: path,
      valid: () => api === undefined || path !== undefined,
      rule: "must be given with 'api', which other senders post to",
      remedy: "write it as '/stripe'",
    },
    {
      prop: 'api',
      value: api,
      valid: () => api === undefined || Stack.of(api) === Stack.of(scope),
      rule: 'must be an API in the same stack',
      remedy: 'leave it out to create one here, or move the receiver',
    },
    ...(api ? ofTheApi : []).map(([prop, value]) => ({
      prop,
      value,
      valid: () => false,
      rule: "must not be given with 'api', which has its own",
      remedy: 'set it where the API is created',
    })),
    {
      prop: 'allowFrom',
      value: allowFrom,
      reads: allowFrom,
      valid: () => allowFrom === undefined || (allowFrom.length > 0 && allowFrom.every(isNetwork)),
      rule: 'must be CIDR blocks, at least one',
      remedy: "write them as '192.0.2.0/24' or '2001:db8::/32', or leave it out to allow any",
    },
    ...(domain ? domainChecks(domain) : []),
  ];
}

/** Whether a receiver of the API posts to a path. */
function taken(api: RestApi | undefined, path: string): boolean {
  let resource: IResource | undefined = api?.root;
  for (const part of path.split('/').filter((name) => name !== '')) resource = resource?.getResource(part);
  return resource?.node.tryFindChild('POST') !== undefined;
}

function isNetwork(network: string): boolean {
  const [address = '', size = '', ...rest] = network.split('/');
  const version = isIP(address);
  return rest.length === 0 && version !== 0 && /^\d{1,3}$/.test(size) && Number(size) <= (version === 4 ? 32 : 128);
}

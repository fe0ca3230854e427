import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Size } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { accessLogGroup } from '../../lib/aws/api/access-log';
import { acknowledge, acknowledgePublic } from '../../lib/aws/api/gateway';
import { QUEUED, queueIntegration } from '../../lib/aws/api/queue-integration';
import { regionalRestApi } from '../../lib/aws/api/rest-api';
import { isFunction, ServiceFunction, settingsOf } from '../../lib/aws/service-function';
import type { HandlerSource, ServiceFunctionProps } from '../../lib/aws/service-function-props';
import { shippedModule } from '../../lib/aws/shipped-module';
import { schemeOf, signatureChecks, type WebhookSignature } from '../../lib/aws/webhook/webhook-signature';
import { check, type Check, required } from '../../lib/core/check';
import { within } from '../../lib/core/facts/fact';
import { messageSize } from '../../lib/core/facts/sqs';
import { QueueWorker, type QueueBatch } from './queue-worker';

/** Props of a `WebhookReceiver`. */
export interface WebhookReceiverProps {
  /**
   * What works on the requests, as messages of a queue: `body` is the request's body. A path, or a path with settings; a
   * function that the team already has only with `verify: 'before-queue'`, since the signature is checked around the handler.
   */
  readonly handler: HandlerSource;
  /** How the sender signs. */
  readonly signature: WebhookSignature;
  /**
   * Where the signature is checked. `'worker'`: no function on the hot path, the sender is always answered, and a forged
   * request is dropped by the worker. `'before-queue'`: a function checks first and answers 401 to a forged one.
   * @default 'worker'
   */
  readonly verify?: 'worker' | 'before-queue';
  /**
   * Largest request: 1 KiB to 1 MiB, with its headers of the signature.
   * @default Size.kibibytes(256)
   */
  readonly maxRequestSize?: Size;
  /**
   * Media types that are accepted; others are answered with 415.
   * @default ['application/json', 'application/x-www-form-urlencoded', 'text/plain']
   */
  readonly contentTypes?: readonly string[];
  /**
   * Requests per second, and how many at once, above which the sender is answered with 429.
   * @default { rate: 100, burst: 200 }
   */
  readonly throttle?: { readonly rate: number; readonly burst: number };
  /**
   * How messages are gathered into one invocation, as for a `QueueWorker`.
   * @default - 10 messages, at once
   */
  readonly batch?: QueueBatch;
  /**
   * Most invocations of the handler at once, as for a `QueueWorker`.
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * Attempts on a request before it goes to the dead-letter queue.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Who is told of alarms.
   * @default - nobody; the alarms are there
   */
  readonly alarmTopic?: ITopic;
}

/**
 * Receives webhooks: a REST API that puts each request into a queue and answers 202, and a worker behind it. A sender is
 * answered in milliseconds, whether the handler is slow, throttled or broken; nothing that was accepted is lost.
 *
 * The handler gets only what the sender has signed, compared in constant time. Senders deliver at least once, and so does the
 * queue: the handler tells repeated events by the sender's id of the event.
 * @example
 * new WebhookReceiver(this, 'Payments', { handler: 'src/payments.ts', signature: { header: 'X-Signature', secret } });
 */
export class WebhookReceiver extends Construct {
  /** Takes the requests; its only route is `POST /`. */
  readonly api: apigateway.RestApi;
  /** Where the sender posts to. */
  readonly url: string;
  /** The queue with its worker and dead-letter queue. */
  readonly worker: QueueWorker;
  /** Checks the signature before the queue; only with `verify: 'before-queue'`. */
  readonly gate?: ServiceFunction;

  /** @throws PatternError when settings are outside the service's limits or contradict each other */
  constructor(scope: Construct, id: string, props: WebhookReceiverProps) {
    super(scope, id);
    required(this, props, { signature: 'say how the sender signs: { header, secret }' });
    check(this, checksOf(props));
    const early = props.verify === 'before-queue';
    const limit = (props.maxRequestSize ?? Size.kibibytes(256)).toBytes();

    this.worker = new QueueWorker(this, 'Worker', {
      ...props,
      handler: early ? props.handler : verifiedHandler(props.handler, props.signature),
    });
    (this.worker.queue.node.defaultChild as sqs.CfnQueue).maximumMessageSize = limit;
    const throttle = props.throttle ?? { rate: 100, burst: 200 };
    const accessLog = accessLogGroup(this, 'AccessLog', RetentionDays.THREE_MONTHS);
    this.api = regionalRestApi(this, { throttle, accessLog });
    this.url = this.api.url;
    this.gate = early ? this.makeGate(props.signature, limit) : undefined;
    this.addRoute(props);
  }

  private makeGate(signature: WebhookSignature, limit: number): ServiceFunction {
    return new ServiceFunction(this, 'Gate', {
      entry: shippedModule('webhook/gate'),
      onFailure: 'none',
      access: { WEBHOOK_QUEUE: this.worker.send() },
      secrets: { WEBHOOK_SECRET: signature.secret },
      environment: { WEBHOOK_SCHEME: schemeOf(signature), WEBHOOK_LIMIT: String(limit) },
    });
  }

  private addRoute({ signature, contentTypes = CONTENT_TYPES }: WebhookReceiverProps): void {
    const headers = [signature.header, signature.timestampHeader].filter((header) => header !== undefined);
    const [signed, timed] = headers;
    const integration = this.gate
      ? new LambdaIntegration(this.gate.trigger, { allowTestInvoke: false })
      : queueIntegration(this, {
          queue: this.worker.queue,
          attributes: { signature: signed!, ...(timed === undefined ? {} : { timestamp: timed }) },
          contentTypes,
        });
    const method = this.api.root.addMethod('POST', integration, {
      requestValidator: this.api.addRequestValidator('Validator', {
        validateRequestParameters: true,
        validateRequestBody: true,
      }),
      requestParameters: Object.fromEntries(headers.map((header) => [`method.request.header.${header}`, true])),
      methodResponses: this.gate ? undefined : Object.values(QUEUED).map((statusCode) => ({ statusCode })),
    });
    acknowledgePublic(method, SIGNED);
    acknowledge(method, 'COG4', SIGNED);
  }
}

const CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'];
const SIGNED =
  'Senders of webhooks cannot sign in: they sign each request, and only what they signed reaches the handler';

/** The team's handler inside of ours, which checks signatures. */
function verifiedHandler(handler: HandlerSource, signature: WebhookSignature): ServiceFunctionProps {
  const settings = settingsOf(handler as Exclude<HandlerSource, { functionArn: string }>);
  return {
    ...settings,
    entry: shippedModule('webhook/verified-worker'),
    bundling: {
      ...settings.bundling,
      alias: { ...settings.bundling?.alias, 'lintel:handler': resolve(settings.entry!) },
    },
    secrets: { ...settings.secrets, WEBHOOK_SECRET: signature.secret },
    environment: { ...settings.environment, WEBHOOK_SCHEME: schemeOf(signature) },
  };
}

function checksOf({
  handler,
  signature,
  verify,
  maxRequestSize,
  contentTypes = CONTENT_TYPES,
  throttle,
}: WebhookReceiverProps): Check[] {
  const settings = isFunction(handler) ? undefined : settingsOf(handler);
  const size = maxRequestSize?.toBytes();
  return [
    {
      prop: 'handler',
      value: isFunction(handler) ? handler : (settings?.handler ?? settings?.entry),
      valid: () => verify === 'before-queue' || (settings?.entry !== undefined && settings.handler === undefined),
      rule: "must be the path of a module that exports 'handler', because the signature is checked around it",
      remedy: "give its path, or set 'verify' to 'before-queue'",
    },
    {
      prop: 'handler',
      value: settings?.entry,
      valid: () => settings?.entry === undefined || existsSync(settings.entry),
      rule: 'must be the path of a file, relative to the working directory',
      remedy: `create it, or correct the path; the working directory is '${process.cwd()}'`,
    },
    ...signatureChecks(signature),
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
    ...(['rate', 'burst'] as const).map((limit) => ({
      prop: `throttle.${limit}`,
      value: throttle?.[limit],
      valid: () => throttle === undefined || throttle[limit] > 0,
      rule: 'must be above 0',
      remedy: 'give the requests per second that a sender may make',
    })),
  ];
}

import { Size } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { LambdaIntegration, RequestValidator } from 'aws-cdk-lib/aws-apigateway';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { partOf, PatternConstruct } from '../../lib/aws/pattern-construct';
import { alarmSettings } from '../../lib/aws/alarms/settings-shape';
import type { AlarmsOf } from '../../lib/aws/alarms/watched-by';
import { acknowledgeRoute, acknowledgePublic } from '../../lib/aws/api/gateway';
import { isGuarded } from '../../lib/aws/api/guarded';
import { QUEUED, queueIntegration } from '../../lib/aws/api/queue-integration';
import { ServiceFunction } from '../../lib/aws/service-function';
import type { HandlerSource, ServiceFunctionProps } from '../../lib/aws/service-function-props';
import { shippedModule } from '../../lib/aws/shipped-module';
import { ATTRIBUTES } from '../../lib/aws/webhook/attributes';
import { CONTENT_TYPES, receiverChecks } from '../../lib/aws/webhook/receiver-checks';
import { webhookApi } from '../../lib/aws/webhook/webhook-api';
import { schemeOf, schemeVariable, SIGNATURE, type WebhookSignature } from '../../lib/aws/webhook/webhook-signature';
import { wrappedHandler } from '../../lib/aws/wrapped-handler';
import { having, hidden, known, list, needed, oneOf, size, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import { checkPlacedProps } from '../../lib/aws/placed-props';
import { inTheNameOf } from '../../lib/core/errors';
import { DOMAIN, type DomainProps } from '../../lib/aws/api/domain';
import { THROTTLE, type ThrottleProps } from '../../lib/aws/api/throttle';
import { HANDLER, namesBeside } from '../../lib/aws/handler-settings';
import {
  MAX_ATTEMPTS,
  MAX_CONCURRENCY,
  QUEUE_BATCH,
  QUEUE_NAMES,
  type QueueBatch,
} from '../../lib/aws/queue-consumption';
import { TOPIC } from '../../lib/aws/resource-kinds';
import { QueueWorker } from './queue-worker';

/** Props of a `WebhookReceiver`. */
export interface WebhookReceiverProps {
  /**
   * Processes the requests, delivered as queue messages: `body` is the request's body. A path, or a path with settings; a
   * function the team already has only with `verify: 'before-queue'`, since the signature is otherwise checked around the handler.
   */
  readonly handler: HandlerSource;
  /** How the sender signs: `{ preset: 'stripe', secret }`, or the header and what is signed. */
  readonly signature: WebhookSignature;
  /**
   * Request headers passed to the handler, as message attributes of the same names: `record.messageAttributes['X-GitHub-Event']`.
   * At most 10 including those of the signature. Unlike the body, most senders do not sign them.
   * @default - none
   */
  readonly headers?: readonly string[];
  /**
   * Where the signature is checked. `'worker'`: no function on the hot path, every sender gets an answer, and the worker drops
   * forged requests. `'before-queue'`: a function checks first and answers a forged request with 401.
   * @default 'worker'
   */
  readonly verify?: 'worker' | 'before-queue';
  /**
   * Whose one-time verification of the endpoint is answered: Slack's `url_verification`, or Meta's
   * `hub.challenge`, whose token must be the field `verifyToken` of the secret. Needs `verify: 'before-queue'`.
   * @default - none
   */
  readonly challenge?: 'slack' | 'meta';
  /**
   * The path that the sender posts to: `'/stripe'`.
   * @default '/'
   */
  readonly path?: string;
  /**
   * Another receiver's API in this stack, to share one API between several senders: each has its own `path`; throttling,
   * domain and allow list are the API's.
   * @default - a new API
   */
  readonly api?: apigateway.RestApi;
  /**
   * The custom domain of the API. Disables the default endpoint.
   * @default - API Gateway's default endpoint
   */
  readonly domain?: DomainProps;
  /**
   * Networks that may call, as CIDR blocks, for a sender that publishes its addresses: `['192.0.2.0/24']`.
   * @default - any: the signature decides
   */
  readonly allowFrom?: readonly string[];
  /**
   * Largest request: 1 KiB to 1 MiB, signature headers included.
   * @default Size.kibibytes(256)
   */
  readonly maxRequestSize?: Size;
  /**
   * Accepted media types; others get a 415.
   * @default ['application/json', 'application/x-www-form-urlencoded', 'text/plain']
   */
  readonly contentTypes?: readonly string[];
  /**
   * Requests per second, and the burst, above which the sender gets a 429.
   * @default { rate: 100, burst: 200 }
   */
  readonly throttle?: ThrottleProps;
  /**
   * How messages are batched into one invocation, as for a `QueueWorker`.
   * @default - 10 messages, without waiting
   */
  readonly batch?: QueueBatch;
  /**
   * Most concurrent invocations of the handler, as for a `QueueWorker`.
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * Attempts to process a request before it goes to the dead-letter queue.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Topic that alarms notify.
   * @default - no notifications; the alarms still exist
   */
  readonly alarmTopic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'WebhookReceiver'>;
}

/**
 * Receives webhooks: a REST API that queues each request and answers 202, and a worker behind it. The sender is
 * answered in milliseconds, even when the handler is slow, throttled or broken; nothing that was accepted is lost.
 *
 * The handler gets only requests whose signature, compared in constant time, is valid. Senders deliver at least once, and so does
 * the queue: the handler detects repeats by the sender's event id.
 * @example
 * new WebhookReceiver(this, 'Payments', { handler: 'src/payments.ts', signature: { header: 'X-Signature', secret } });
 */
export class WebhookReceiver extends PatternConstruct {
  /** Receives the requests; its only route is `POST /`. */
  readonly api: apigateway.RestApi;
  /** The address the sender posts to. */
  readonly url: string;
  /** The queue with its worker and dead-letter queue. */
  readonly worker: QueueWorker;
  /** Checks the signature before the queue; only with `verify: 'before-queue'`. */
  readonly gate?: ServiceFunction;

  /** @throws PatternError when settings are outside the service's limits or contradict each other */
  constructor(scope: Construct, id: string, props: WebhookReceiverProps) {
    super(scope, id);
    checkPlacedProps(this, props, SHAPE, (typed) => receiverChecks(this, typed), namesBeside(QUEUE_NAMES));
    const early = props.verify === 'before-queue';
    const limit = (props.maxRequestSize ?? Size.kibibytes(256)).toBytes();

    const { batch, maxConcurrency, maxAttempts, alarmTopic, alarms } = props;
    const handler = early ? props.handler : verifiedHandler(props.handler, props.signature);
    const worker = { batch, maxConcurrency, maxAttempts, alarmTopic, alarms, handler };
    this.worker = partOf(
      this,
      () => new QueueWorker(this, 'Worker', worker),
      (prop) => (prop === 'handler.secrets.WEBHOOK_SECRET' ? 'signature.secret' : prop),
    );
    (this.worker.queue.node.defaultChild as sqs.CfnQueue).maximumMessageSize = limit;
    const { api, url } = webhookApi(this, props);
    this.api = api;
    this.url = url;
    if (early)
      this.gate = inTheNameOf(
        this.node.path,
        () => this.makeGate(props, limit),
        (prop) => (prop === 'secrets.WEBHOOK_SECRET' ? 'signature.secret' : prop),
      );
    this.addRoute(props);
  }

  /** Failed invocations of the handler; its other metrics are on `worker`. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricErrors(options);
  }

  /** Age of the oldest request, queued or in flight, in seconds. */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricAge(options);
  }

  /** Requests that failed for good. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricDeadLetters(options);
  }

  /** Requests, accepted or not; across all receivers on the API. */
  metricCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.api.metricCount(options);
  }

  /** Requests refused for their method, type or size, or throttled; across all receivers on the API. */
  metricClientError(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.api.metricClientError(options);
  }

  private makeGate({ signature, headers, challenge }: WebhookReceiverProps, limit: number): ServiceFunction {
    return new ServiceFunction(this, 'Gate', {
      entry: shippedModule('webhook/gate'),
      onFailure: 'none',
      access: { WEBHOOK_QUEUE: this.worker.send() },
      secrets: { WEBHOOK_SECRET: signature.secret },
      environment: {
        WEBHOOK_SCHEME: schemeVariable(signature),
        WEBHOOK_LIMIT: String(limit),
        ...(headers && { WEBHOOK_HEADERS: JSON.stringify(headers) }),
        ...(challenge && { WEBHOOK_CHALLENGE: challenge }),
      },
    });
  }

  private addRoute(props: WebhookReceiverProps): void {
    const { header, timestampHeader, idHeader } = schemeOf(props.signature);
    const signed = [header, timestampHeader, idHeader].filter((name) => name !== undefined);
    const integration = this.gate
      ? new LambdaIntegration(this.gate.trigger, { allowTestInvoke: false })
      : this.intoQueue(props);
    const route = this.api.root.resourceForPath(props.path ?? '/');
    const post = route.addMethod('POST', integration, {
      requestValidator: new RequestValidator(this, 'Validator', {
        restApi: this.api,
        validateRequestParameters: true,
        validateRequestBody: true,
      }),
      // Not required: the gateway compares names case-sensitively, and a sender may spell them differently.
      requestParameters: Object.fromEntries(signed.map((name) => [`method.request.header.${name}`, false])),
      methodResponses: this.gate ? undefined : Object.values(QUEUED).map((statusCode) => ({ statusCode })),
    });
    const methods = props.challenge === 'meta' ? [post, route.addMethod('GET', integration)] : [post];
    for (const method of methods) {
      acknowledgePublic(method, SIGNED, isGuarded(this.api));
      acknowledgeRoute(method, 'COG4', SIGNED);
    }
  }

  private intoQueue({ signature, headers = [], contentTypes = CONTENT_TYPES }: WebhookReceiverProps) {
    const { header, timestampHeader, idHeader, payload } = schemeOf(signature);
    return queueIntegration(this, {
      queue: this.worker.queue,
      headers: {
        [ATTRIBUTES.signature]: header,
        ...(timestampHeader !== undefined && { [ATTRIBUTES.timestamp]: timestampHeader }),
        ...(idHeader !== undefined && { [ATTRIBUTES.id]: idHeader }),
        ...Object.fromEntries(headers.map((name) => [name, name])),
      },
      context: {
        [ATTRIBUTES.receivedAt]: '$context.requestTimeEpoch',
        ...(payload.includes('{url}') && { [ATTRIBUTES.url]: 'https://$context.domainName$context.path' }),
      },
      contentTypes,
    });
  }
}

const SHAPE: Shape<WebhookReceiverProps> = {
  handler: HANDLER,
  signature: needed(hidden(SIGNATURE), 'say how the sender signs: { preset, secret } or { header, secret }'),
  headers: known(list(text('X-GitHub-Event'), "['X-GitHub-Event']")),
  verify: oneOf('worker', 'before-queue'),
  challenge: oneOf('slack', 'meta'),
  path: known(text('/stripe')),
  api: having('a REST API', 'restApiId', "pass the 'api' of another receiver"),
  domain: DOMAIN,
  allowFrom: list(text('192.0.2.0/24'), "['192.0.2.0/24']"),
  maxRequestSize: size,
  contentTypes: list(text('application/json'), "['application/json']"),
  throttle: THROTTLE,
  batch: QUEUE_BATCH,
  maxConcurrency: MAX_CONCURRENCY,
  maxAttempts: MAX_ATTEMPTS,
  alarmTopic: TOPIC,
  alarms: alarmSettings('WebhookReceiver'),
};

const SIGNED =
  'Senders of webhooks cannot sign in: they sign each request, and only what they signed reaches the handler';

/** Wraps the team's handler in ours, which checks signatures. */
function verifiedHandler(handler: HandlerSource, signature: WebhookSignature): ServiceFunctionProps {
  const settings = wrappedHandler(handler, 'webhook/verified-worker');
  return {
    ...settings,
    secrets: { ...settings.secrets, WEBHOOK_SECRET: signature.secret },
    environment: { ...settings.environment, WEBHOOK_SCHEME: schemeVariable(signature) },
  };
}

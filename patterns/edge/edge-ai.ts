import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { flag, input, needed, number, object, record, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import { workersAi as facts, within } from '../../lib/core/facts';
import type { Capability } from '../../lib/edge/capability';
import { type AccountArgs, checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { claimOwnName } from '../../lib/edge/claims';
import { physicalName } from '../../lib/edge/physical-name';
import { ACCOUNT } from '../../lib/edge/worker-shape';

/** The gateway between Workers and the models. */
export interface EdgeAiGateway {
  /**
   * How long, in seconds from 60 to 2,592,000, an identical request is answered from the cache; `false` for never. The cache does
   * not know who asks: only the content of the request counts.
   * @default false
   * @see https://developers.cloudflare.com/ai-gateway/features/caching/
   */
  readonly cache?: number | false;
  /**
   * Whether prompts and responses are logged. They are what users wrote.
   * @default false
   * @see https://developers.cloudflare.com/ai-gateway/observability/logging/
   */
  readonly logs?: boolean;
  /**
   * Requests let through, across all Workers: caps the cost of a mistake. The rest get a 429.
   * @default - no limit
   */
  readonly rateLimit?: {
    /** Requests per window. */
    readonly limit: number;
    /** Length of the sliding window, in seconds. */
    readonly period: number;
  };
  /**
   * The gateway's name, unique in the account, of at most 64 lower-case letters, digits and dashes.
   * @default - from project, stack and the component's name
   */
  readonly gatewayName?: pulumi.Input<string>;
}

/** Arguments of an `EdgeAi`. */
export interface EdgeAiArgs<
  Models extends Readonly<Record<string, string>> = Readonly<Record<string, string>>,
> extends AccountArgs {
  /**
   * The models by purpose, in capitals: `{ EMBEDDING: '@cf/baai/bge-m3', ANSWER: '@cf/meta/llama-3.2-3b-instruct' }`.
   * A Worker with `access: { AI: ai.run() }` reads each name: `env.AI.run(env.AI_EMBEDDING, ...)`.
   * @see https://developers.cloudflare.com/workers-ai/models/
   */
  readonly models: Models;
  /**
   * An AI Gateway that Workers call the models through: `env.AI.run(model, input, { gateway: { id: env.AI_GATEWAY } })`. Only
   * Workers of the account can.
   * @default - none: Workers call the models directly
   * @see https://developers.cloudflare.com/ai-gateway/
   */
  readonly gateway?: EdgeAiGateway;
}

/**
 * Models of Workers AI. Cost depends on what Workers send and receive: the binding itself has no limit, `gateway.rateLimit` sets one.
 *
 * @example
 * const ai = new EdgeAi('ai', { models: { EMBEDDING: '@cf/baai/bge-base-en-v1.5', ANSWER: '@cf/meta/llama-3.2-3b-instruct' } });
 * const docs = new EdgeVectors('docs', { model: ai.models.EMBEDDING });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { AI: ai.run(), DOCS: docs.read() } });
 * @see https://developers.cloudflare.com/workers-ai/
 */
export class EdgeAi<const Models extends Readonly<Record<string, string>> = Readonly<Record<string, string>>>
  extends pulumi.ComponentResource
{
  /** The models, by purpose. */
  readonly models: Models;
  /** The gateway, if any. */
  readonly gateway?: cloudflare.AiGateway;

  /** @throws InputPropertiesError when a model's name is invalid, or the gateway's settings are out of range */
  constructor(name: string, args: EdgeAiArgs<Models>, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeAi', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    const accountId = checkArgs(name, args, checks(args));

    this.models = args.models;
    if (args.gateway) this.gateway = this.createGateway(name, accountId, args.gateway);
    this.registerOutputs({ gatewayId: this.gateway?.id });
  }

  /** Running models. A Worker's binding reaches every model of the platform, not only those named here. */
  run(): Capability {
    return {
      binding: { type: 'ai' },
      values: { ...this.models, ...(this.gateway && { GATEWAY: this.gateway.aiGatewayId }) },
      permissions: [{ group: 'Workers AI Read' }],
    };
  }

  private createGateway(name: string, accountId: pulumi.Input<string>, gateway: EdgeAiGateway): cloudflare.AiGateway {
    const { cache = false, logs = false, rateLimit, gatewayName } = gateway;
    const { value, ignoreChanges } = physicalName(gatewayName, name, 'aiGatewayId');
    claimOwnName(name, 'gateway', 'gateway.gatewayName', { value, ignoreChanges, accountId });
    return new cloudflare.AiGateway(
      `${name}-gateway`,
      {
        accountId,
        aiGatewayId: value,
        // Its address is public. The platform authenticates bindings; anyone else needs a token.
        authentication: true,
        cacheInvalidateOnUpdate: true,
        cacheTtl: cache === false ? 0 : cache,
        collectLogs: logs,
        rateLimitingInterval: rateLimit?.period ?? 0,
        rateLimitingLimit: rateLimit?.limit ?? 0,
        rateLimitingTechnique: rateLimit && 'sliding',
      },
      { parent: this, ignoreChanges },
    );
  }
}

const RATE_LIMIT = {
  limit: needed(number, 'give the number of requests'),
  period: needed(number, 'give the seconds'),
};

const SHAPE: Shape<EdgeAiArgs> = {
  ...ACCOUNT,
  models: needed(
    record(text('@cf/baai/bge-m3'), "{ ANSWER: '@cf/meta/llama-3.2-3b-instruct' }"),
    "name at least one: { ANSWER: '@cf/meta/llama-3.2-3b-instruct' }",
  ),
  gateway: object<EdgeAiGateway>(
    {
      cache: {
        ...number,
        rule: 'must be a number of seconds, or false',
        is: (value) => value === false || number.is(value),
      },
      logs: flag,
      rateLimit: object(RATE_LIMIT, '{ limit: 100, period: 60 }'),
      gatewayName: input(text('shop')),
    },
    '{ cache: 300 }',
    { cacheTtl: "write 'cache'", collectLogs: "write 'logs'", id: "write 'gatewayName'" },
  ),
};

/** Names from elsewhere, and their equivalents here. */
const NAMES = { model: "write 'models': { ANSWER: '@cf/meta/llama-3.2-3b-instruct' }", gatewayId: "write 'gateway'" };

const MODEL = /^(@(cf|hf)\/)?[a-z0-9][\w.-]*\/[\w.-]+$/i;

function checks({ models = {}, gateway }: EdgeAiArgs): Check[] {
  const { cache, rateLimit, gatewayName } = gateway ?? {};
  const range = facts.gatewayCacheAge.value;
  return [
    {
      prop: 'models',
      value: Object.keys(models).length,
      valid: () => Object.keys(models).length > 0,
      rule: 'must name at least one',
      remedy: "write { ANSWER: '@cf/meta/llama-3.2-3b-instruct' }",
    },
    ...Object.entries(models).flatMap(([use, model]) => [
      {
        prop: `models.${use}`,
        value: use,
        valid: () => /^[A-Z][A-Z0-9_]*$/.test(use) && use !== 'GATEWAY',
        rule: 'must be in capitals, and not GATEWAY: it ends the name of a variable',
        remedy: "write 'ANSWER', for instance",
      },
      {
        prop: `models.${use}`,
        value: model,
        valid: () => MODEL.test(model),
        rule: 'must be a model name from the model catalog',
        remedy: "write '@cf/meta/llama-3.2-3b-instruct', for instance",
      },
      {
        prop: `models.${use}`,
        value: model,
        valid: () => model.startsWith('@') || !MODEL.test(model) || gateway !== undefined,
        rule: "must be a model of the platform, '@cf/...', without a 'gateway', which others need",
        remedy: "set 'gateway', or name a platform model",
      },
    ]),
    {
      prop: 'gateway.cache',
      value: cache,
      valid: () => !cache || (Number.isInteger(cache) && within(range, cache)),
      rule: `must be a whole number of seconds from ${range.min} to ${range.max}`,
      remedy: "set 'false' for no cache",
    },
    ...Object.entries(rateLimit ?? {}).map(([prop, value]) => ({
      prop: `gateway.rateLimit.${prop}`,
      value,
      valid: () => Number.isInteger(value) && value > 0,
      rule: 'must be a whole number of at least 1',
      remedy: "leave 'rateLimit' out for no limit",
    })),
    {
      prop: 'gateway.gatewayName',
      value: gatewayName,
      valid: () => gatewayName === undefined || isGatewayName(String(gatewayName)),
      rule: `must be at most ${facts.gatewayName.value} lower-case letters, digits and dashes`,
      remedy: 'rename it',
    },
  ];
}

function isGatewayName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(text) && text.length <= facts.gatewayName.value;
}

import type { Fact, Range } from './fact';

const MODELS = 'https://developers.cloudflare.com/workers-ai/models/';
const CACHE = 'https://developers.cloudflare.com/ai-gateway/features/caching/';
const READ = '2026-11-30';

/** What is known of a model that makes vectors of texts. */
export interface EmbeddingModel {
  /** Dimensions of its vectors. */
  readonly dimensions: number;
  /** Texts of one call, where the model has a limit. */
  readonly batch?: number;
  /** Tokens of a text that it reads, where that is known: it does not look at the others. */
  readonly tokens?: number;
}

/** Models that make vectors of texts, by their names. */
export const embeddingModels: Fact<Readonly<Record<string, EmbeddingModel>>> = {
  value: {
    '@cf/baai/bge-small-en-v1.5': { dimensions: 384, batch: 100, tokens: 512 },
    '@cf/baai/bge-base-en-v1.5': { dimensions: 768, batch: 100, tokens: 512 },
    '@cf/baai/bge-large-en-v1.5': { dimensions: 1_024, batch: 100, tokens: 512 },
    '@cf/baai/bge-m3': { dimensions: 1_024, batch: 100 },
    '@cf/google/embeddinggemma-300m': { dimensions: 768 },
    '@cf/qwen/qwen3-embedding-0.6b': { dimensions: 1_024, batch: 32 },
    '@cf/pfnet/plamo-embedding-1b': { dimensions: 2_048 },
  },
  unit: 'models',
  source: MODELS,
  read: READ,
};

/** How models that make texts answer, by the begins of their names: `{ response }`, or the `choices` of OpenAI's chat completions. */
export const textAnswers: Fact<Readonly<Record<'response' | 'choices', readonly string[]>>> = {
  value: {
    response: [
      '@hf/',
      '@cf/meta/llama-',
      '@cf/meta-llama/',
      '@cf/mistral/',
      '@cf/mistralai/',
      '@cf/deepseek-ai/deepseek-r1-',
      '@cf/deepseek-ai/deepseek-math-',
      '@cf/google/gemma-2b-',
      '@cf/google/gemma-3-',
      '@cf/google/gemma-7b-',
      '@cf/qwen/qwen1.5-',
      '@cf/qwen/qwen2.5-',
      '@cf/qwen/qwq-',
      '@cf/ibm-granite/',
      '@cf/microsoft/phi-2',
      '@cf/tinyllama/',
      '@cf/defog/',
    ],
    choices: ['@cf/openai/gpt-oss-', '@cf/zai-org/glm-', '@cf/moonshotai/kimi-', '@cf/nvidia/nemotron-3-'],
  },
  unit: 'models',
  source: 'https://github.com/cloudflare/workerd/blob/main/types/defines/ai.d.ts',
  read: READ,
};

/** How long an AI Gateway answers from its cache. */
export const gatewayCacheAge: Fact<Range> = {
  value: { min: 60, max: 2_592_000 },
  unit: 'seconds',
  source: CACHE,
  read: READ,
};

/** The name of an AI Gateway. */
export const gatewayName: Fact<number> = {
  value: 64,
  unit: 'characters',
  source: 'https://developers.cloudflare.com/api/resources/ai_gateway/methods/create/',
  read: READ,
};

/** What Workers AI refuses, by the codes of its errors. */
export const errors: Fact<Readonly<Record<string, { readonly code: number; readonly status: number }>>> = {
  value: {
    noSuchModel: { code: 5007, status: 400 },
    invalidInput: { code: 5006, status: 400 },
    invalidModel: { code: 3042, status: 404 },
    tooLarge: { code: 3006, status: 413 },
    timeout: { code: 3007, status: 408 },
    accountLimited: { code: 3036, status: 429 },
    outOfCapacity: { code: 3040, status: 429 },
  },
  unit: 'errors',
  source: 'https://developers.cloudflare.com/workers-ai/platform/errors/',
  read: READ,
};

import { workersAi as facts } from '../../../core/facts';

/** Errors of Workers AI. */
export type ModelFailure =
  | 'noSuchModel'
  | 'invalidInput'
  | 'invalidModel'
  | 'tooLarge'
  | 'timeout'
  | 'accountLimited'
  | 'outOfCapacity';

const WORDS: Readonly<Record<ModelFailure, string>> = {
  noSuchModel: 'No such model or task',
  invalidInput: 'Invalid input',
  invalidModel: 'The model name is invalid',
  tooLarge: 'Request is too large',
  timeout: 'Request timeout',
  accountLimited:
    "you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare's Workers Paid plan if you would like to continue usage.",
  outOfCapacity: 'Capacity temporarily exceeded, please try again.',
};

/** A failure of Workers AI: the Worker catches an `InferenceUpstreamError` with its code, `3040: Capacity temporarily exceeded...`. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  /** The code of the platform. */
  readonly code: number;
  /** The status of the platform's answer. */
  readonly status: number;

  constructor(failure: ModelFailure, message = WORDS[failure]) {
    super(message);
    const { code, status } = facts.errors.value[failure]!;
    this.code = code;
    this.status = status;
  }
}

import { createRequire } from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Model, Template } from '../../core/model/model';

/** A diagnostic of the official validator. */
export interface Diagnostic {
  /** `F3002`. */
  readonly ruleId: string;
  /** `FATAL`, `ERROR` or `WARN`. */
  readonly severity: string;
  readonly message: string;
  /** What to do, if known. */
  readonly suggestedFix?: string;
  /** The property, dotted, from `Properties` on; `Parameters/Stage` outside of resources. */
  readonly propertyPath?: string;
  /** Line in the template, from 1. */
  readonly startLine?: number;
  /** Column, from 1. */
  readonly startColumn?: number;
  readonly entity?: { readonly logicalId: string; readonly entityType: string };
}

/** A rule of the official validator. */
export interface OfficialRuleText {
  /** `F3002`. */
  readonly id: string;
  /** `FATAL`, `ERROR`, `WARN` or less. */
  readonly severity: string;
  readonly description: string;
}

/** The official validator's verdict on a model's templates. */
export interface Validation {
  readonly version: string;
  readonly rules: readonly OfficialRuleText[];
  /** Diagnostics by template name. */
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  /** Templates on which it failed, with its message. */
  readonly failures: readonly { readonly template: string; readonly message: string }[];
}

/** The name of the package, which aws-cdk-lib brings. */
export const VALIDATOR = '@aws/cloudformation-validate';

type Answer = { name: string } & ({ diagnostics: Diagnostic[] } | { failure: string });

/**
 * CloudFormation's official validator in a worker thread that starts loading at once. `end` frees it.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-validate
 */
export class OfficialValidator {
  private readonly worker: Worker;
  private readonly begun: Promise<Pick<Validation, 'version' | 'rules'>>;
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private broken?: Error;

  /** @param module the file of the package (`findValidator`) */
  constructor(module: string) {
    this.worker = new Worker(path.join(__dirname, 'worker.js'), { workerData: { module } });
    this.begun = new Promise((resolve, reject) => {
      this.worker.on('message', (message: Answer | Pick<Validation, 'version' | 'rules'>) => {
        if ('version' in message) resolve(message);
        else this.answered(message);
      });
      this.worker.on('error', (error) => {
        this.broken = error;
        reject(error);
        for (const name of [...this.waiting.keys()]) this.answered({ name, failure: error.message });
      });
    });
    // `validate` reports the failure; without it there is nothing to report.
    this.begun.catch(() => undefined);
    this.worker.unref();
  }

  /**
   * Validates those templates of a model that are CloudFormation files.
   * @param ids names of templates
   * @throws Error when it cannot start
   */
  async validate(model: Model, ids: ReadonlySet<string>): Promise<Validation> {
    this.worker.ref();
    const { version, rules } = await this.begun;
    const templates = [...model.templates.values()].filter((one) => ids.has(one.name) && isTemplateFile(one));
    const answers = await Promise.all(templates.map((template) => this.ask(template)));
    const diagnostics = new Map<string, readonly Diagnostic[]>();
    const failures: { template: string; message: string }[] = [];
    for (const answer of answers) {
      if ('failure' in answer) failures.push({ template: answer.name, message: answer.failure });
      else diagnostics.set(answer.name, answer.diagnostics);
    }
    return { version, rules, diagnostics, failures };
  }

  /** Ends the thread and frees everything the validator holds. */
  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private ask({ name, file, environment }: Template): Promise<Answer> {
    return new Promise((resolve) => {
      if (this.broken) {
        resolve({ name, failure: this.broken.message });
        return;
      }
      this.waiting.set(name, resolve);
      this.worker.postMessage({ name, file: path.resolve(file!), ...environment });
    });
  }

  private answered(answer: Answer): void {
    this.waiting.get(answer.name)?.(answer);
    this.waiting.delete(answer.name);
  }
}

/** Whether a template is a CloudFormation file: a Pulumi program has a file too, but no locations in it. */
export function isTemplateFile({ file, locate }: Template): boolean {
  return file !== undefined && locate !== undefined;
}

/** Where the validator is, or why it is missing. */
export type Found = { readonly module: string } | { readonly missing: string };

/**
 * Finds the validator that comes with aws-cdk-lib: the project's own first, then the one next to Lintel.
 * @param from directory of the project
 */
export function findValidator(from: string): Found {
  let cdk: string;
  try {
    cdk = require.resolve('aws-cdk-lib/package.json', { paths: [from, __dirname] });
  } catch {
    return { missing: 'aws-cdk-lib is not installed, which brings it' };
  }
  try {
    return { module: createRequire(cdk).resolve(VALIDATOR) };
  } catch {
    const { version } = require(cdk) as { version: string };
    return { missing: `aws-cdk-lib ${version} does not bring it; newer ones do` };
  }
}

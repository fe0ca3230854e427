import type { PolicyDocument } from '../../access';
import type { DynamoDbEngine } from '../engines/dynamodb';
import type { LogEntry } from './kernel/logs';
import type { TokenIssuers } from './kernel/tokens';

/** Options of a local run. */
export interface LocalRunOptions {
  /**
   * The port of the only API, or of the APIs in the order of their templates. 0 lets the system choose.
   * @default 0
   */
  readonly port?: number | readonly number[];
  /**
   * Region of environment-agnostic stacks.
   * @default 'us-east-1'
   */
  readonly region?: string;
  /**
   * Account of environment-agnostic stacks, twelve digits.
   * @default '123456789012'
   */
  readonly account?: string;
  /**
   * Values of template parameters, in place of their defaults.
   * @default - a value that depends on a parameter without a default is left out
   */
  readonly templateParameters?: Readonly<Record<string, string>>;
  /**
   * Outcomes of the templates' conditions, by name.
   * @default - as they compare the parameters; those that nothing decides are true, as far as they can be together
   */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /**
   * Values of secrets, by name, ARN, logical id or construct path. An object is stored as JSON.
   * @default - as the template says, or generated as it says
   */
  readonly secrets?: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
  /**
   * Values in Parameter Store, by name; they take precedence over the template's.
   * @default - as the template says
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * Results of custom resources, by logical id, construct path or the end of it: values by attribute name, and
   * `Ref` for what `Ref` gives. Their functions are not called.
   * @default - the function of each is called as CloudFormation calls it, if it can run here
   */
  readonly customResources?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /**
   * Whose tokens a JWT authorizer accepts: with `local` this run acts as every issuer, so that `run.token()` signs
   * valid ones; or the key set, or its URL, by issuer.
   * @default - the issuers' own keys, fetched as AWS does
   */
  readonly issuers?: TokenIssuers;
  /**
   * Callers of APIs with IAM authorization, with their policies, by a name of your choice. See `run.credentials()`.
   * @default - only the tests themselves and the functions of the templates
   */
  readonly callers?: Readonly<Record<string, readonly PolicyDocument[]>>;
  /**
   * The DynamoDB engine.
   * @default - dynoxide if it is installed, else DynamoDB Local
   */
  readonly engine?: DynamoDbEngine;
  /**
   * Local addresses for what APIs call over HTTP: `http://127.0.0.1:3000`, by the address in the template
   * (`https://orders.example.com`), the construct path of a listener or service, or that of the integration.
   * @default - only addresses on this machine are called
   */
  readonly backends?: Readonly<Record<string, string>>;
  /**
   * Execution environments of one function at a time. More invocations wait; only a reservation throttles.
   * @default 10
   */
  readonly maxEnvironments?: number;
  /**
   * Time between the attempts of an asynchronous invocation, in milliseconds, instead of Lambda's minutes.
   * @default 50
   */
  readonly retryDelay?: number;
  /**
   * Service seconds per real second: for visibility timeouts, delays, batching windows, retention and
   * ages of records. The time that handlers take is not changed; while one works on a message, the message stays hidden
   * for its real visibility timeout.
   * @default 1
   */
  readonly timeScale?: number;
  /**
   * The share of standard queues' messages, bus events and asynchronous invocations that are repeated, that are
   * delivered after their successor, and of changes to different items of a table that are swapped: AWS guarantees
   * neither order nor exactly-once delivery. The log says what a handler failed on. 0 turns it off.
   * @default 0.05, one in twenty of each
   */
  readonly disorder?: number;
  /**
   * The share of functions' calls to tables that fail although nothing is wrong with them: cancelled by a
   * TransactionConflict, refused with a TransactionInProgressException, throttled, or executed without a response. The
   * AWS SDK retries all of them except conflicts.
   * @default 0: a run has no other load
   */
  readonly faults?: number;
  /**
   * The seed of `disorder` and `faults`: the same number makes the same choices, so that a test is repeatable.
   * @default 1
   */
  readonly seed?: number;
  /**
   * Functions that wait for a debugger, by logical id or construct path, and the port on 127.0.0.1 where each listens;
   * 0 lets the system choose, and the log says which. Such a function has one execution environment, and no timeout.
   * @default - none
   */
  readonly inspect?: Readonly<Record<string, number>>;
  /**
   * The port of the AWS SDK endpoint. 0 lets the system choose.
   * @default 0
   */
  readonly endpointPort?: number;
  /**
   * A directory that keeps tables, queues, buckets, parameters and secrets between runs. All are written as they
   * change, so that a run that is killed loses none.
   * @default - nothing is kept
   */
  readonly data?: string;
  /**
   * A JSON file with the initial contents of tables, queues and buckets, by construct path (or logical id):
   * `{ "tables": { "Shop/Orders": [{ "id": "1" }] }, "queues": { "Shop/Jobs": ["text", {}] }, "buckets": {
   * "Shop/Files": { "a.txt": "text" } } }`. With `data`, only a directory without data is filled.
   * @default - they are empty
   */
  readonly seedFile?: string;
  /**
   * Called with each line that a function writes.
   * @default - lines are kept for `run.logs()` only
   */
  readonly onLog?: (entry: LogEntry) => void;
}

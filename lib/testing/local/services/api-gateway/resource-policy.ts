import { evaluate, type PolicyDocument, type Statement } from '../../../../access';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, parseJson, recordOf, records, text, texts } from '../../kernel/json';

/** The verdict of an API's policy on a request. */
export type PolicyVerdict = 'allowed' | 'denied' | 'denied explicitly';

const NETWORK = ['aws:SourceVpce', 'aws:SourceVpc'];

/**
 * The resource policy of a REST API.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export class ApiPolicy {
  /** The policy of an API; undefined if it has none. */
  static of(api: Deployed): ApiPolicy | undefined {
    const given = api.properties.Policy;
    const policy = typeof given === 'string' ? parseJson(given) : given;
    if (!isRecord(policy)) return undefined;
    const Statement = records(policy.Statement).map((one) => ({
      ...one,
      Resource: texts(one.Resource).map((resource) => expanded(resource, api)),
    }));
    return new ApiPolicy({ Version: '2012-10-17', ...policy, Statement: Statement as unknown as readonly Statement[] });
  }

  /** The assumed network of a private API's callers, by condition key: local callers are in none. */
  readonly network: ReadonlyMap<string, string>;

  private constructor(private readonly document: PolicyDocument) {
    this.network = networkOf(document);
  }

  /**
   * Judges a request.
   * @param resource the ARN of the method
   * @param caller the signer; absent for an anonymous request
   */
  judge(resource: string, sourceIp: string, caller?: Caller): PolicyVerdict {
    const context = {
      'aws:SourceIp': sourceIp,
      'aws:VpcSourceIp': sourceIp,
      'aws:SecureTransport': true,
      'aws:CurrentTime': new Date().toISOString(),
      ...Object.fromEntries(this.network),
    };
    const principal = caller?.arn ?? 'anonymous';
    const asked = (statements: readonly Statement[]) =>
      evaluate(
        { action: 'execute-api:Invoke', resource, principal, context },
        { identity: [], resourcePolicy: { ...this.document, Statement: statements } },
      ).verdict;
    const statements = this.document.Statement as readonly Statement[];
    if (asked(statements) === 'allowed') return 'allowed';
    const denies = statements.filter(({ Effect }) => Effect === 'Deny');
    return asked([ANYTHING, ...denies]) === 'allowed' ? 'denied' : 'denied explicitly';
  }
}

const ANYTHING: Statement = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' };

/** `execute-api:/prod/GET/orders` is short for the ARN, as is a resource without the API. */
function expanded(resource: string, api: Deployed): string {
  const short = /^execute-api:\/?(.*)$/.exec(resource)?.[1];
  return short === undefined ? resource : api.arnHere('execute-api', `${api.ref}/${short}`);
}

/** The first network that the statements name. */
function networkOf({ Statement }: PolicyDocument): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { Condition } of records(Statement)) {
    for (const keys of Object.values(recordOf(Condition))) {
      for (const [key, value] of Object.entries(recordOf(keys))) {
        const name = NETWORK.find((one) => one.toLowerCase() === key.toLowerCase());
        const first = text([value].flat()[0]);
        if (name !== undefined && first !== undefined && !found.has(name)) found.set(name, first);
      }
    }
  }
  return found;
}

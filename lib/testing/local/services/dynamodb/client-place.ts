import { parseArn } from '../../../../core/arn';
import type { Call } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { records, text } from '../../kernel/json';
import { readSignature } from '../../kernel/sigv4';

/**
 * Where DynamoDB looks for the tables a client names: in the client's region and, for a plain name, the caller's
 * account.
 */
export class ClientPlace {
  private readonly account: string | undefined;
  private readonly region: string | undefined;
  private missing = false;

  /**
   * @param call of the client
   * @param tableOf a table of the run by its name
   */
  constructor(
    { caller, request }: Call,
    private readonly tableOf: (name: string) => Deployed | undefined,
  ) {
    const known = caller.policies !== 'everything';
    this.account = known ? parseArn(caller.arn)?.account : undefined;
    this.region = known ? readSignature(request)?.scope.split('/')[1] : undefined;
  }

  /** Whether one of the requested tables is missing. */
  get lacksOne(): boolean {
    return this.missing;
  }

  /**
   * The ARN under which a table is looked up.
   * @param name or ARN, as given by the client
   * @param arn of the run's table of that name
   */
  arnOf(name: string, arn: string): string {
    const parts = parseArn(arn)!;
    const table = this.tableOf(name.split('/').at(-1)!);
    const named = name.startsWith('arn:');
    const account = named ? parts.account : (this.account ?? parts.account);
    const region = named ? parts.region : (this.region ?? parts.region);
    const lookedFor = `arn:${parts.partition}:${parts.service}:${region}:${account}:${parts.resource}`;
    const here = (this.region ?? region) === region && account === (table?.account ?? account);
    if (table !== undefined && !(here && isIn(table, region))) this.missing = true;
    return lookedFor;
  }
}

/** A table is in its stack's region and its replicas' regions. */
function isIn(table: Deployed, region: string | undefined): boolean {
  const replicas = records(table.properties.Replicas).map((replica) => text(replica.Region));
  return table.region === region || replicas.includes(region);
}

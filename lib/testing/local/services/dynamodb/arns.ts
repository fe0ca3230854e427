import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, text } from '../../kernel/json';
import { viewOf } from './tables';

/**
 * ARNs of tables and streams. Policies and handlers know the template's ARNs; an engine has its own region, account and
 * stream labels, and requires table names.
 */
export class DynamoDbArns {
  private readonly tables = new Map<string, string>();
  private readonly streams: { readonly template: string; readonly engine: string }[] = [];
  private enginePrefix: string | undefined;

  /**
   * @param tables the tables of the templates
   * @param prefix of the ARN of a table outside the templates
   */
  constructor(
    tables: readonly Deployed[],
    private readonly prefix: string,
  ) {
    for (const table of tables) this.add(table);
  }

  /** Registers a table of the templates. */
  add({ name, arn }: Deployed): void {
    this.tables.set(name, arn);
  }

  /** The ARN of a table, named by its name or by its ARN. */
  ofTable(name: string): string {
    return name.startsWith('arn:') ? name : (this.tables.get(name) ?? this.prefix + name);
  }

  /** Reads the engine's ARNs from its description of a table. */
  learn(table: Deployed, description: JsonObject): void {
    const engineArn = text(description.TableArn);
    if (engineArn !== undefined) this.enginePrefix = engineArn.replace(/table\/.*$/, 'table/');
    const stream = text(description.LatestStreamArn);
    // The engine may have one for Kinesis that is not in the template.
    const template = viewOf(table) === undefined ? undefined : table.attribute('StreamArn');
    if (stream !== undefined && template !== undefined) this.streams.push({ template, engine: stream });
  }

  /** Whether the engine has a stream. */
  hasStream(arn: string): boolean {
    return this.streams.some(({ template }) => template === arn);
  }

  /** Translates a request for the engine. */
  toEngine(body: Buffer): Buffer {
    if (!body.includes('"arn:')) return body;
    const given = body.toString();
    const streams = this.streams.reduce((result, { template, engine }) => result.replaceAll(template, engine), given);
    return Buffer.from(streams.replace(/"arn:[^:"]+:dynamodb:[^:"]*:[^:"]*:table\/([^/"]+)"/g, '"$1"'));
  }

  /** Translates a response to AWS's form. */
  toTemplate(body: string): string {
    const streams = this.streams.reduce((result, { template, engine }) => result.replaceAll(engine, template), body);
    if (this.enginePrefix === undefined) return streams;
    return [...this.tables].reduce(
      (result, [name, arn]) => result.replaceAll(`"${this.enginePrefix}${name}`, `"${arn}`),
      streams,
    );
  }
}

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, type QueryResult } from 'pg';
import { statementsOf } from '../../../lib/core/sql-statements';

interface Asked {
  readonly sql?: string;
  readonly transactionId?: string;
}

/** A column of no type. */
const VOID = 2278;

/**
 * The Data API before a PostgreSQL, and Secrets Manager beside it: each statement is on a connection of its own, unless it is in a
 * transaction, one request has one statement, and an error has its code in its message.
 */
export class FakeDataApi {
  /** The statements that came. */
  readonly asked: string[] = [];
  private readonly server: Server;
  private readonly transactions = new Map<string, Client>();
  private made = 0;

  /** @param connectionString of the PostgreSQL, as the user of the secret */
  constructor(private readonly connectionString: string) {
    this.server = createServer((request, response) => {
      this.answer(request).then(
        (body) => response.end(JSON.stringify(body)),
        (error: Error & { readonly code?: string }) => {
          const message = error.code === undefined ? error.message : `ERROR: ${error.message}; SQLState: ${error.code}`;
          response.writeHead(400, { 'x-amzn-errortype': 'DatabaseErrorException' }).end(JSON.stringify({ message }));
        },
      );
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.transactions.values()].map((client) => client.end()));
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<object> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (request.headers['x-amz-target'] !== undefined) {
      return { SecretString: JSON.stringify({ username: 'lintel', password: 'x' }) };
    }
    const { sql = '', transactionId = '' } = JSON.parse(text) as Asked;
    switch (request.url) {
      case '/BeginTransaction':
        return { transactionId: await this.begin() };
      case '/CommitTransaction':
        return this.end(transactionId, 'COMMIT');
      case '/RollbackTransaction':
        return this.end(transactionId, 'ROLLBACK');
      default:
        return this.execute(sql, transactionId);
    }
  }

  private async begin(): Promise<string> {
    const id = `t${this.made++}`;
    const client = await this.connected();
    await client.query('BEGIN');
    this.transactions.set(id, client);
    return id;
  }

  private async end(id: string, sql: string): Promise<object> {
    const client = this.transactions.get(id)!;
    this.transactions.delete(id);
    await client.query(sql);
    await client.end();
    return { transactionStatus: 'Transaction Ended' };
  }

  private async execute(sql: string, transaction: string): Promise<object> {
    this.asked.push(sql);
    if (statementsOf(sql, 'postgres').length > 1) throw new Error('Multistatements are not supported');
    const client = this.transactions.get(transaction) ?? (await this.connected());
    try {
      const { rows, fields } = (await client.query(sql)) as QueryResult<object>;
      if (fields.some(({ dataTypeID }) => dataTypeID === VOID))
        throw new Error('The result contains the unsupported data type VOID');
      return fields.length === 0 ? { numberOfRecordsUpdated: 0 } : { formattedRecords: JSON.stringify(rows) };
    } finally {
      if (!this.transactions.has(transaction)) await client.end();
    }
  }

  private async connected(): Promise<Client> {
    const client = new Client({ connectionString: this.connectionString });
    await client.connect();
    return client;
  }
}

import type { Row, Session } from './session';

/** A cluster, as the Data API addresses it. */
export interface DataApiPlace {
  readonly cluster: string;
  readonly secretArn: string;
  readonly database: string;
  /** From the secret. */
  readonly user: string;
}

/** A database over HTTP: a transaction has an id, and without one each statement stands alone. */
export async function dataApiSession({ cluster, secretArn, database, user }: DataApiPlace): Promise<Session> {
  const api = await import('@aws-sdk/client-rds-data').catch(() => {
    throw new Error("'@aws-sdk/client-rds-data' is missing: Lambda's runtime includes it");
  });
  const client = new api.RDSDataClient({});
  const place = { resourceArn: cluster, secretArn };
  let transactionId: string | undefined;
  const ended = () => {
    const id = transactionId;
    transactionId = undefined;
    return { ...place, transactionId: id };
  };
  return {
    user,
    database,
    keepsState: false,
    takesSeveral: false,
    run: async (sql) => {
      const statement = new api.ExecuteStatementCommand({
        ...place,
        database,
        sql,
        transactionId,
        formatRecordsAs: 'JSON',
        // Otherwise the call times out after 45 seconds, while the statement goes on.
        continueAfterTimeout: true,
      });
      const { formattedRecords } = await client.send(statement).catch((error: Error) => {
        throw Object.assign(error, { code: stateIn(error.message) });
      });
      return formattedRecords === undefined ? [] : (JSON.parse(formattedRecords) as Row[]);
    },
    begin: async () => {
      ({ transactionId } = await client.send(new api.BeginTransactionCommand({ ...place, database })));
    },
    commit: async () => void (await client.send(new api.CommitTransactionCommand(ended()))),
    rollback: async () => void (await client.send(new api.RollbackTransactionCommand(ended()))),
    close: async () => client.destroy(),
  };
}

/** PostgreSQL's error code is only in the message. */
function stateIn(message: string): string | undefined {
  return /\bSQLState: (\w{5})\b/.exec(message)?.[1];
}

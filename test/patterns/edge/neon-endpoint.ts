import { Client, type QueryConfig } from 'pg';

interface Query {
  readonly query: string;
  readonly params: readonly unknown[];
}

/**
 * What Neon's serverless driver asks by HTTP, answered by a PostgreSQL: one statement, or several as a transaction; rows are lists
 * of texts.
 * @param connectionString of the PostgreSQL
 * @param login what the driver must have been given
 * @see https://github.com/neondatabase/serverless/blob/main/CONFIG.md
 */
export function neonEndpoint(connectionString: string, login: string) {
  return async (request: Request): Promise<Response> => {
    // The driver adds its own name to the query.
    if (withoutQuery(request.headers.get('neon-connection-string')) !== withoutQuery(login))
      return failed('password authentication failed', 400);
    const asked = (await request.json()) as Query | { readonly queries: readonly Query[] };
    const client = new Client({ connectionString });
    await client.connect();
    try {
      if (!('queries' in asked)) return Response.json(await answer(client, asked));
      await client.query('BEGIN');
      const results = [];
      for (const query of asked.queries) results.push(await answer(client, query));
      await client.query('COMMIT');
      return Response.json({ results });
    } catch (error) {
      return failed((error as Error).message, 400);
    } finally {
      await client.end();
    }
  };
}

async function answer(client: Client, { query, params }: Query) {
  const text: QueryConfig & { readonly rowMode: 'array' } = {
    text: query,
    values: [...params],
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value },
  };
  const { command, rowCount, rows, fields } = await client.query<unknown[]>(text);
  return { command, rowCount, rows, fields, rowAsArray: true, viaNeonProxy: true };
}

function withoutQuery(connectionString: string | null): string | undefined {
  return connectionString?.split('?')[0];
}

function failed(message: string, status: number): Response {
  return Response.json({ message }, { status });
}

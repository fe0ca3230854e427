/** Calls what a path names, `/DOCS.query`, with the arguments in the body. */
export default {
  async fetch(request, env) {
    const [name, method] = new URL(request.url).pathname.slice(1).split('.') as [string, string];
    const args = await request.json<unknown[]>();
    try {
      const binding = env[name];
      if (binding === undefined) throw new TypeError(`there is no ${name}`);
      const value: unknown = await binding[method]!(...args);
      return value instanceof ReadableStream ? new Response(await new Response(value).text()) : Response.json(value);
    } catch (error) {
      return Response.json(`${(error as Error).name}: ${(error as Error).message}`);
    }
  },
} satisfies ExportedHandler<Record<string, Record<string, (...args: unknown[]) => unknown>>>;

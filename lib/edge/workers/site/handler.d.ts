/** The site's handler, resolved when the site is bundled. */
declare module 'lintel-handler' {
  const handler:
    | ExportedHandler
    | (new (context: ExecutionContext, env: unknown) => { fetch?(request: Request): Promise<Response> });
  export default handler;
}

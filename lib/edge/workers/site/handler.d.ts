/** The site's handler: the bundle of the site says which one. */
declare module 'lintel-handler' {
  const handler:
    | ExportedHandler
    | (new (context: ExecutionContext, env: unknown) => { fetch?(request: Request): Promise<Response> });
  export default handler;
}

export default { fetch: () => new Response('the other') } satisfies ExportedHandler;

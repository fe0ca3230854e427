export const handler = { fetch: () => new Response('hello') };

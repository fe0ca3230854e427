interface Env {
  readonly ASSETS: Fetcher;
}

/** Renders a page in two parts, the second one later. */
export default {
  async fetch(request, { ASSETS }) {
    const { pathname } = new URL(request.url);
    if (pathname === '/notes.txt')
      return new Response(`from the handler: ${await (await ASSETS.fetch(request)).text()}`);
    if (!pathname.startsWith('/page')) return ASSETS.fetch(request);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const write = (text: string) => writer.write(new TextEncoder().encode(text));
    void write('<h1>Head</h1>').then(async () => {
      await scheduler.wait(200);
      await write('<p>Body</p>');
      await writer.close();
    });
    return new Response(readable, { headers: { 'content-type': 'text/html' } });
  },
} satisfies ExportedHandler<Env>;

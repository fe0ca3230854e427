interface Env {
  readonly ASSETS: Fetcher;
}

/** A site without a handler of its own: its files, and what it says when there is none. */
export default {
  fetch: (request, { ASSETS }) => ASSETS.fetch(request),
} satisfies ExportedHandler<Env>;

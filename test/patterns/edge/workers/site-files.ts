interface Env {
  readonly ASSETS: Fetcher;
}

/** Asks for a file first, as the handlers of frameworks do. */
export default {
  fetch: (request, { ASSETS }) => ASSETS.fetch(request),
} satisfies ExportedHandler<Env>;

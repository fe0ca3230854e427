import { withoutForever } from './files-only';

interface Env {
  readonly ASSETS: Fetcher;
}

/** Paths of files that never change. */
declare const IMMUTABLE: readonly string[];

/** A site without a handler: its files, and the response when there is none. */
export default {
  fetch: async (request, { ASSETS }) => withoutForever(IMMUTABLE, request, await ASSETS.fetch(request)),
} satisfies ExportedHandler<Env>;

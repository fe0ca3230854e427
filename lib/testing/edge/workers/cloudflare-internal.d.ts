/** The platform's own binding of D1, which speaks to a service. */
declare module 'cloudflare-internal:d1-api' {
  export default function makeBinding(env: { fetcher: Fetcher }): object;
}
/** The runtime's own client of Vectorize. */
declare module 'cloudflare-internal:vectorize-api' {
  export default function makeBinding(env: {
    readonly fetcher: Fetcher;
    readonly indexId: string;
    readonly indexVersion: 'v2';
    readonly useNdJson: boolean;
  }): Vectorize;
}
/** The runtime's own client of Workers AI. */
declare module 'cloudflare-internal:ai-api' {
  export default function makeBinding(env: { readonly fetcher: Fetcher }): Ai;
}

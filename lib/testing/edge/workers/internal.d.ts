/** Clients that the runtime has in it. */
declare module 'cloudflare-internal:vectorize-api' {
  export default function makeBinding(env: {
    readonly fetcher: Fetcher;
    readonly indexId: string;
    readonly indexVersion: 'v2';
    readonly useNdJson: boolean;
  }): Vectorize;
}
declare module 'cloudflare-internal:ai-api' {
  export default function makeBinding(env: { readonly fetcher: Fetcher }): Ai;
}

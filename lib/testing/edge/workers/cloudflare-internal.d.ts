/** The platform's own binding of D1, which speaks to a service. */
declare module 'cloudflare-internal:d1-api' {
  export default function makeBinding(env: { fetcher: Fetcher }): object;
}

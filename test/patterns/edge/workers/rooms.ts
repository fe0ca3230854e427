import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';

export const mixed = (base: typeof DurableObject) => class extends base {};

export class Entry extends WorkerEntrypoint {}
export class Plain {
  fetch(): Response {
    return new Response('hello');
  }
}
export class Bare {}
export class Mixed extends mixed(DurableObject) {}
export const Arrow = (): Response => new Response('hello');
export const Literal = { fetch: (): Response => new Response('hello') };

import { WorkerEntrypoint, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import answer from './answer.wasm?module';

/** A Worker of another team. */
export default class extends WorkerEntrypoint {
  override fetch(request: Request): Response {
    return new Response(`billed ${new URL(request.url).pathname}`);
  }

  price(count: number): number {
    return count * (answer instanceof WebAssembly.Module ? 3 : 0);
  }
}

export class Invoice extends WorkflowEntrypoint {
  override run(event: WorkflowEvent<number>, step: WorkflowStep): Promise<number> {
    return step.do('add', async () => event.payload + 1);
  }
}

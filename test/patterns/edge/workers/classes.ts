import { DurableObject, WorkflowEntrypoint } from 'cloudflare:workers';

export class ChatRoom extends DurableObject {}
export class OrderFlow extends WorkflowEntrypoint {
  override async run(): Promise<void> {}
}

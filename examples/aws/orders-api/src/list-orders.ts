import { customerOf, handle, respond } from './http';
import { listOf } from './order-table';

const LATEST = 50;

export const handler = handle(async (event) => respond(200, { orders: await listOf(customerOf(event), LATEST) }));

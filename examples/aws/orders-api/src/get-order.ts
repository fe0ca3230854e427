import { customerOf, handle, orderIdOf, respond } from './http';
import { find } from './order-table';
import { ownedBy } from './orders';

export const handler = handle(async (event) => respond(200, ownedBy(customerOf(event), await find(orderIdOf(event)))));

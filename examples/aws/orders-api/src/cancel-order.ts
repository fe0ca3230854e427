import { customerOf, handle, logger, orderIdOf, respond } from './http';
import { changeStatus, find } from './order-table';
import { cancel, ownedBy } from './orders';

export const handler = handle(async (event) => {
  const order = ownedBy(customerOf(event), await find(orderIdOf(event)));
  const cancelled = cancel(order);
  await changeStatus(cancelled, order.status);
  logger.info('Order cancelled', { orderId: order.id });
  return respond(200, cancelled);
});

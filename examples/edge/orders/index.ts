import { ordersApi } from './orders-api';

export const { gateway } = ordersApi();

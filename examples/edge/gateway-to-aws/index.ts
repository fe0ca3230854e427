import { gatewayToAws } from './gateway-to-aws';

export const { api, gateway } = gatewayToAws();

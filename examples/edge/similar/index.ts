import { similar } from './similar';

export const { bucket } = similar();

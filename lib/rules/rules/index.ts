export { RULES } from './registry';

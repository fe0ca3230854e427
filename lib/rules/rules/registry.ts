import { type Rule } from '../rule';
import * as eachRule from './each-rule';

/** Every rule, by id. */
export const RULES: readonly Rule[] = Object.values(eachRule).sort((one, other) => (one.id < other.id ? -1 : 1));

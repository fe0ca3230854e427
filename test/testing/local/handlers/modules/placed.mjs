// What a layer holds, by its path on Lambda.
import { from } from '/opt/nodejs/shared.mjs';

export const handler = async () => from;

import { EventEmitter } from 'events';
import { DurableObject } from 'cloudflare:workers';
import answer from './answer.wasm';
import query from './query.sql';

export class Room extends DurableObject {}
export const value = [EventEmitter, answer, query];

import type { Duplex } from 'node:stream';
import { refuseUpgrade } from '../../../kernel/hang-up';

/** Answers a handshake with an error. */
export function refuse(socket: Duplex, status: number, message: string, ids: object = {}): void {
  refuseUpgrade(socket, status, 'application/json', JSON.stringify({ message, ...ids }));
}

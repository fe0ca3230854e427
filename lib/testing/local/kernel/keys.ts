import { createHmac, randomBytes } from 'node:crypto';
import type { Caller } from './caller';

/** What a caller signs with. */
export interface SigningKeys {
  /** Who signs: `ASIA` and sixteen characters for a session, `AKIA` for a user. */
  readonly accessKeyId: string;
  /** The secret that the signatures are made with. */
  readonly secretAccessKey: string;
  /** Sent with every request of a session. Absent for a user, whose keys do not expire. */
  readonly sessionToken?: string;
}

/** Somebody whose requests are signed. */
export interface SigningCaller extends Caller, SigningKeys {
  /** When a session's keys expire, in milliseconds since the epoch. */
  readonly expires?: number;
}

/** The alphabet of AWS's key ids; some libraries check it. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The keys of one run, derived from a secret that is new in every run: they cannot be guessed, and those of an earlier
 * run are useless. Within a run, each name has one key.
 */
export class Keys {
  private readonly secret = randomBytes(32);

  /** Keys of a session, as a function has them. */
  session(name: string): SigningKeys {
    return { ...this.made('ASIA', name), sessionToken: this.hash('token', name).toString('base64') };
  }

  user(name: string): SigningKeys {
    return this.made('AKIA', name);
  }

  private made(prefix: string, name: string): SigningKeys {
    const id = [...this.hash('id', name).subarray(0, 16)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
    return {
      accessKeyId: prefix + id,
      secretAccessKey: this.hash('secret', name).toString('base64').slice(0, 40),
    };
  }

  private hash(kind: string, name: string): Buffer {
    return createHmac('sha256', this.secret).update(`${kind} ${name}`).digest();
  }
}

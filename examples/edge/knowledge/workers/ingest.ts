import { type Change, type Document, type PassageMetadata, passagesOf, vectorId } from './document';
import { embed, type Models } from './models';

interface Env extends Models {
  readonly DB: D1Database;
  readonly PASSAGES: Vectorize;
}

/** Ids that one call deletes. */
const IDS = 100;

/**
 * Makes the passages of each document that has changed what they should be, whichever change the message was of: one that comes twice,
 * or after a later one, does no harm. What fails is tried again, and set aside after the last attempt.
 */
export default {
  async queue(batch, env) {
    for (const message of batch.messages) {
      try {
        if (await settle(message.body, env)) message.ack();
        else message.retry();
      } catch (error) {
        console.error(`document '${String(Object(message.body).id)}': ${String(error)}`);
        // A model without room has some soon.
        message.retry({ delaySeconds: Math.min(30 * 2 ** (message.attempts - 1), 600) });
      }
    }
  },
} satisfies ExportedHandler<Env, Change>;

/** Whether the document is still as it was read; if not, what was written may be of before, and everything is written again. */
async function settle({ id }: Change, env: Env): Promise<boolean> {
  const { DB } = env;
  const document = await DB.prepare('SELECT * FROM documents WHERE id = ?').bind(id).first<Document>();
  if (!document) throw new Error('there is no such document');
  const { revision, deleted } = document;
  if (document.written === revision) return true;
  const texts = deleted ? [] : passagesOf(document.text);
  // Whoever comes after a failure knows how many vectors there may be.
  await DB.prepare('UPDATE documents SET passages = max(passages, ?) WHERE id = ?').bind(texts.length, id).run();
  if (texts.length > 0) await write(document, texts, env);
  await remove(id, texts.length, document.passages, env);

  const isCurrent = 'EXISTS (SELECT 1 FROM documents WHERE id = ?1 AND revision = ?2)';
  const insert = DB.prepare(
    `INSERT OR REPLACE INTO passages (document, revision, number, text) SELECT ?1, ?2, ?3, ?4 WHERE ${isCurrent}`,
  );
  const [noted] = await DB.batch([
    DB.prepare('UPDATE documents SET written = ?2, passages = ?3 WHERE id = ?1 AND revision = ?2').bind(
      id,
      revision,
      texts.length,
    ),
    ...texts.map((text, number) => insert.bind(id, revision, number, text)),
    DB.prepare(`DELETE FROM passages WHERE document = ?1 AND number >= ?3 AND ${isCurrent}`).bind(
      id,
      revision,
      texts.length,
    ),
  ]);
  if (noted!.meta.changes > 0) return true;
  await DB.prepare('UPDATE documents SET written = 0 WHERE id = ?').bind(id).run();
  return false;
}

async function write({ id, revision, source }: Document, texts: readonly string[], env: Env): Promise<void> {
  const vectors = await embed(env, texts);
  await env.PASSAGES.upsert(
    vectors.map((values, number) => {
      const metadata: PassageMetadata = { document: id, number, revision, source };
      return { id: vectorId(id, number), values, metadata };
    }),
  );
}

/** Deletes the vectors that a longer text has left. */
async function remove(id: string, from: number, to: number, { PASSAGES }: Env): Promise<void> {
  const ids = Array.from({ length: Math.max(0, to - from) }, (_, at) => vectorId(id, from + at));
  for (let at = 0; at < ids.length; at += IDS) await PASSAGES.deleteByIds(ids.slice(at, at + IDS));
}

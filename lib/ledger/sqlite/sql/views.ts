/** Saved views of the console. */
import type { SavedView } from '../../insights';
import type { Database } from '../database';

export type SavedViewRow = Omit<SavedView, 'shared'> & { shared: number };

/** Indexes saved_views_owner and saved_views_shared. */
export function savedViews(db: Database, owner: string): SavedViewRow[] {
  return db.all<SavedViewRow>(
    `SELECT id, name, location, owner, shared, at FROM saved_views WHERE owner = ?1
     UNION SELECT id, name, location, owner, shared, at FROM saved_views WHERE shared = 1 ORDER BY name, id LIMIT 500`,
    owner,
  );
}

export function saveView(db: Database, view: SavedView): void {
  db.run(
    'INSERT INTO saved_views (id, name, location, owner, shared, at) VALUES (?, ?, ?, ?, ?, ?)',
    view.id,
    view.name,
    view.location,
    view.owner,
    view.shared ? 1 : 0,
    view.at,
  );
}

export function removeView(db: Database, id: string, owner: string): boolean {
  return db.run('DELETE FROM saved_views WHERE id = ? AND owner = ?', id, owner).changes === 1;
}

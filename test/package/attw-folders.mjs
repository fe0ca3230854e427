// Loaded before are-the-types-wrong, which asks twenty thousand times whether there is a folder, and looks through all files
// of the package each time.
import { Package } from '@arethetypeswrong/core';

/** @type {WeakMap<Package, Set<string>>} */
const known = new WeakMap();

Package.prototype.directoryExists = function (folder) {
  let folders = known.get(this);
  if (folders === undefined) {
    folders = new Set(['/']);
    for (const file of this.listFiles())
      for (
        let at = file.lastIndexOf('/');
        at > 0 && !folders.has(file.slice(0, at));
        at = file.lastIndexOf('/', at - 1)
      )
        folders.add(file.slice(0, at));
    known.set(this, folders);
  }
  return folders.has(folder === '/' ? folder : folder.replace(/\/$/, ''));
};

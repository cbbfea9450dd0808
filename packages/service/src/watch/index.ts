export { type Changes, type FollowChangesOptions, followChanges } from './changes.ts'
export { createWatch, type WatchDeps } from './create-watch.ts'
export { type FollowRevisionsDeps, followRevisions, type WatchMessage } from './follow-revisions.ts'
export { type Revisions, revisionsOf } from './revisions.ts'

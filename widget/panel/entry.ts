// The panel chunk: what the launcher may mount.
export { mountPanel } from './mount-panel.tsx'
export { mountThread } from './mount-thread.tsx'

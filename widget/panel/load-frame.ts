// The way to the chunk of the panel's frame: its width, its dock, two panes. Where it cannot be had the panel stays as it is.
export const loadFrame = async () => (await import('./frame/frame.ts')).frame

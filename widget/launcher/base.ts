// Resets and the few rules that launcher, badge and panel share. No specificity in the resets, so that every part may
// override them.

export const baseCss = `
:host { all: initial; visibility: inherit; }
[hidden] { display: none !important; }
.hilo { font: var(--_w) var(--_fs-14)/var(--_lh-14) var(--_font); color: var(--_text); text-align: start; -webkit-font-smoothing: antialiased; letter-spacing: 0; }
:where(.hilo *, .hilo *::before, .hilo *::after) { box-sizing: border-box; }
:where(.hilo) :where(button, input, textarea, select) { font: inherit; color: inherit; letter-spacing: inherit; margin: 0; }
:where(.hilo) :where(button) { border: 0; background: none; padding: 0; cursor: pointer; text-align: inherit; -webkit-tap-highlight-color: transparent; }
:where(.hilo button:disabled) { cursor: default; }
:where(.hilo) :where(p, ul, ol, h2, h3) { margin: 0; padding: 0; list-style: none; font: inherit; }
:where(.hilo a) { color: var(--_accent-text); text-underline-offset: 2px; }
:where(.hilo i) { display: inline-flex; flex: none; width: 20px; height: 20px; font-style: normal; }
:where(.hilo i svg) { width: 100%; height: 100%; display: block; }
.hilo i svg * { vector-effect: non-scaling-stroke; }
.hilo :focus { outline: none; }
.hilo :focus-visible { outline: 2px solid var(--_focus); outline-offset: 2px; }
@media (forced-colors: active) { .hilo :focus-visible { outline: 2px solid Highlight; } }
@media (prefers-reduced-motion: reduce) { .hilo *, .hilo *::before { animation: none !important; transition: none !important; } }
@media print { :host { display: none !important; } }`

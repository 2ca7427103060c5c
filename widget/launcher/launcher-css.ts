// The button. At rest it has the page's colour; something unread fills it, and the number stands in it.

export const launcherCss = `
:host { display: contents; }
@media screen { :host(:popover-open) { display: block; position: fixed !important; inset: 0 auto auto 0 !important; width: 0 !important; height: 0 !important; overflow: visible !important; border: 0 !important; } }
.launcher { position: fixed; z-index: var(--_z); right: calc(var(--_offset) + env(safe-area-inset-right, 0px)); bottom: calc(var(--_offset) + env(safe-area-inset-bottom, 0px));
display: inline-flex; align-items: center; justify-content: center; gap: 8px; height: var(--_launcher); min-width: var(--_launcher); border-radius: 999px;
background: var(--_surface); color: var(--_text); box-shadow: var(--_shadow-1); padding: 0; font: var(--_w-bold) var(--_fs-16)/1 var(--_font); font-variant-numeric: tabular-nums; user-select: none; touch-action: manipulation; transition: background var(--_t-press); }
.hilo[data-position="left"] .launcher { right: auto; left: calc(var(--_offset) + env(safe-area-inset-left, 0px)); }
.launcher i { width: 24px; height: 24px; }
.launcher[data-n] { padding: 0 16px 0 14px; }
.launcher .wait { display: inline-flex; align-items: center; gap: 4px; color: var(--_caution); }
.launcher .wait i { width: 18px; height: 18px; }
.launcher[data-state="unread"] { background: var(--_accent); color: var(--_on-accent); }
.launcher[data-state="offline"] { color: var(--_muted); background: var(--_sunken); box-shadow: 0 0 0 1px var(--_edge); }
.launcher:hover { box-shadow: var(--_shadow-1), inset 0 0 0 99px var(--_hover); }
.launcher:active { box-shadow: var(--_shadow-1), inset 0 0 0 99px var(--_press); }
@media (max-width: 479px) { .launcher[aria-expanded="true"] { display: none; } }
@media (forced-colors: active) { .launcher { border: 1px solid CanvasText; }
.launcher[data-state="unread"] { forced-color-adjust: none; background: Highlight; color: HighlightText; border-color: Highlight; } }`

// It stands on the host's page, whose background may be any: what is written in it brings its own.
export const badgeCss = `
:host { display: inline-flex; vertical-align: middle; width: 84px; }
.badge { display: flex; align-items: center; justify-content: center; min-width: 20px; height: 20px; padding: 0 6px; border-radius: 999px; background: var(--_accent); color: var(--_on-accent);
font: var(--_w-bold) var(--_fs-12)/20px var(--_font); font-variant-numeric: tabular-nums; }
.badge[data-n="0"]:not(.waiting) { visibility: hidden; }
.hollow { background: var(--_surface); color: var(--_accent); box-shadow: inset 0 0 0 2px var(--_accent); }
.ringed { box-shadow: 0 0 0 2px var(--_surface), 0 0 0 4px var(--_accent); }
.waiting { background: var(--_surface); box-shadow: inset 0 0 0 1px var(--_edge); color: var(--_caution); padding: 0 8px 0 4px; gap: 4px; font-weight: var(--_w-mid); white-space: nowrap; }
.waiting i { width: 16px; height: 16px; }
@media (forced-colors: active) { .hollow { border: 1px solid Highlight; line-height: 18px; }
.badge:not(.waiting, .hollow) { border: 1px solid CanvasText; line-height: 18px; forced-color-adjust: none; background: Highlight; color: HighlightText; border-color: Highlight; } }`

export const threadCss = `
:host { display: block; height: 560px; }
.hilo, .hilo > .root { height: 100%; }
.hilo > .root { position: relative; }`

// The design tokens that only the panel uses; see launcher/tokens.ts.

export const panelTokens = `
.hilo {
--_line: var(--hilo-border, light-dark(#e0e3e8, #2c323c));
--_in: var(--hilo-bubble-in, light-dark(#eff1f4, #262b34));
--_out: var(--hilo-bubble-out, color-mix(in oklab, var(--_accent) var(--_tint), var(--_surface)));
--_note: var(--hilo-note, light-dark(#fff4d6, #39301a));
--_radius-bubble: var(--hilo-radius-bubble, 12px);
--_danger: var(--hilo-danger, light-dark(#b9222b, #ff918c));
--_success: var(--hilo-success, light-dark(#1a7442, #6fd198));
--_radius: var(--hilo-radius, 8px);
--_shadow: var(--hilo-shadow, 0 0 0 1px light-dark(#191d2414, #ffffff1a), 0 2px 6px light-dark(#191d2414, #00000066), 0 16px 40px light-dark(#191d2429, #00000099));
--_panel-w: var(--hilo-panel-width, 400px);
--_panel-h: var(--hilo-panel-height, 640px);
--_accent-soft: color-mix(in oklab, var(--_accent) var(--_tint), var(--_surface));
--_danger-soft: color-mix(in oklab, var(--_danger) 9%, var(--_surface));
--_caution-soft: color-mix(in oklab, light-dark(#f0a92b, #f2b84f) 15%, var(--_surface));
--_fs-11: calc(var(--_fs) * .7858); --_lh-11: 14px;
--_fs-13: calc(var(--_fs) * .9286); --_lh-13: 18px;
--_r-chip: 4px; --_r-panel: calc(var(--_radius) + 6px); --_r-full: 999px;
--_shadow-pop: 0 0 0 1px light-dark(#191d241a, #ffffff24), 0 8px 24px light-dark(#191d2429, #000000aa);
--_t-pop: 120ms; --_t-panel: 160ms;
--_ease: cubic-bezier(.2, .7, .2, 1); --_ease-in: cubic-bezier(.4, 0, 1, 1);
--_z-float: 2; --_z-menu: 3; }
@media (prefers-contrast: more) { .hilo { --_line: var(--_edge); } }
@media (prefers-reduced-motion: reduce) { .hilo { --_t-pop: 0ms; --_t-panel: 0ms; } }`

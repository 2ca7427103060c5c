// The design tokens. Public: the `--hilo-*` names, which a host sets on :root, on our elements or on a page section; they
// are only ever read here. Internal: the `--_*` names, the only ones that our other stylesheets use.

const tokens = `
.hilo { color-scheme: light dark; --_tint: 12%;
--_font: var(--hilo-font, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
--_fs: var(--hilo-font-size, 14px);
--_accent: var(--hilo-accent, light-dark(#2557c7, #8fb2ff));
--_on-accent: var(--hilo-on-accent, color(from var(--_accent) xyz-d65 clamp(0, (.179 - y) * 9999, .9505) clamp(0, (.179 - y) * 9999, 1) clamp(0, (.179 - y) * 9999, 1.089)));
--_surface: var(--hilo-surface, light-dark(#ffffff, #16191f));
--_sunken: var(--hilo-surface-sunken, light-dark(#f4f5f7, #1d2128));
--_text: var(--hilo-text, light-dark(#191d24, #e8eaee));
--_muted: var(--hilo-text-muted, light-dark(#565e6b, #b0b8c4));
--_line: var(--hilo-border, light-dark(#e0e3e8, #2c323c));
--_in: var(--hilo-bubble-in, light-dark(#eff1f4, #262b34));
--_out: var(--hilo-bubble-out, color-mix(in oklab, var(--_accent) var(--_tint), var(--_surface)));
--_note: var(--hilo-note, light-dark(#fff4d6, #39301a));
--_radius-bubble: var(--hilo-radius-bubble, 12px);
--_danger: var(--hilo-danger, light-dark(#b9222b, #ff918c));
--_caution: var(--hilo-caution, light-dark(#8a5300, #f2b84f));
--_success: var(--hilo-success, light-dark(#1a7442, #6fd198));
--_focus: var(--hilo-focus, var(--_accent-text));
--_radius: var(--hilo-radius, 8px);
--_shadow: var(--hilo-shadow, 0 0 0 1px light-dark(#191d2414, #ffffff1a), 0 2px 6px light-dark(#191d2414, #00000066), 0 16px 40px light-dark(#191d2429, #00000099));
--_panel-w: var(--hilo-panel-width, 400px);
--_panel-h: var(--hilo-panel-height, 640px);
--_launcher: var(--hilo-launcher-size, 48px);
--_offset: var(--hilo-offset, 20px);
--_z: var(--hilo-z, 1040);
--_accent-text: light-dark(oklch(from var(--_accent) min(l, .5) c h), oklch(from var(--_accent) max(l, .77) c h));
--_accent-soft: color-mix(in oklab, var(--_accent) var(--_tint), var(--_surface));
--_danger-soft: color-mix(in oklab, var(--_danger) 9%, var(--_surface));
--_caution-soft: color-mix(in oklab, light-dark(#f0a92b, #f2b84f) 15%, var(--_surface));
--_edge: light-dark(#7b8492, #7d8899);
--_hover: light-dark(#1e2d500d, #dce6ff12);
--_press: light-dark(#1e2d501a, #dce6ff1f);
--_fs-11: calc(var(--_fs) * .7858); --_lh-11: 14px;
--_fs-12: calc(var(--_fs) * .8572); --_lh-12: 16px;
--_fs-13: calc(var(--_fs) * .9286); --_lh-13: 18px;
--_fs-14: var(--_fs); --_lh-14: 20px;
--_fs-16: calc(var(--_fs) * 1.1429); --_lh-16: 22px;
--_w: 400; --_w-mid: 500; --_w-bold: 600;
--_2: 2px; --_4: 4px; --_6: 6px; --_8: 8px; --_12: 12px; --_16: 16px; --_20: 20px; --_24: 24px; --_32: 32px;
--_r-chip: 4px; --_r-panel: calc(var(--_radius) + 6px); --_r-full: 999px;
--_shadow-1: 0 0 0 1px light-dark(#191d241a, #ffffff1f), 0 1px 2px light-dark(#191d2414, #00000066), 0 4px 12px light-dark(#191d241f, #00000077);
--_shadow-pop: 0 0 0 1px light-dark(#191d241a, #ffffff24), 0 8px 24px light-dark(#191d2429, #000000aa);
--_t-press: 80ms; --_t-pop: 120ms; --_t-panel: 160ms; --_t-note: 1600ms;
--_ease: cubic-bezier(.2, .7, .2, 1); --_ease-in: cubic-bezier(.4, 0, 1, 1);
--_z-sticky: 1; --_z-float: 2; --_z-menu: 3; --_z-strip: 4; --_z-modal: 5; }
@media (prefers-color-scheme: dark) { .hilo { --_tint: 20%; } }
.hilo[data-theme="light"] { color-scheme: light; --_tint: 12%; }
.hilo[data-theme="dark"] { color-scheme: dark; --_tint: 20%; }
@media (prefers-contrast: more) { .hilo { --_muted: light-dark(#363c46, #d3d8e0); --_line: var(--_edge); --_edge: light-dark(#4a515c, #b4bcc9); --_accent: var(--hilo-accent, light-dark(#123f9f, #b9cfff)); } }
@media (prefers-reduced-motion: reduce) { .hilo { --_t-press: 0ms; --_t-pop: 0ms; --_t-panel: 0ms; --_t-note: 0ms; } }`

/** Before Chrome 123, Safari 17.5, Firefox 128: the light column, and accents as they are given. */
function withoutNewColours(css: string): string {
  return `${css.replace(/light-dark\((#\w+), #\w+\)/g, '$1')}\n.hilo { --_on-accent: var(--hilo-on-accent, #fff); --_accent-text: var(--_accent); }`
}

export function tokensCss(): string {
  const modern = CSS.supports('color', 'light-dark(#fff, #000)') && CSS.supports('color', 'oklch(from #fff l c h)')
  return modern ? tokens : withoutNewColours(tokens)
}

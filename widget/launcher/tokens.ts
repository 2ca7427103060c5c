// The design tokens that button and badges use; panel-tokens.ts has the rest. Public: the `--hilo-*` names, which a host
// sets on :root, on our elements or on a page section; they are only ever read here. Internal: the `--_*` names, the only
// ones that our other stylesheets use.

const tokens = `
.hilo { all: initial; visibility: inherit; display: block; color-scheme: light dark; --_tint: 12%;
--_font: var(--hilo-font, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
--_fs: var(--hilo-font-size, 14px);
--_accent: var(--hilo-accent, light-dark(#2557c7, #8fb2ff));
--_on-accent: var(--hilo-on-accent, color(from var(--_accent) xyz-d65 clamp(0, (.179 - y) * 9999, .9505) clamp(0, (.179 - y) * 9999, 1) clamp(0, (.179 - y) * 9999, 1.089)));
--_surface: var(--hilo-surface, light-dark(#ffffff, #16191f));
--_sunken: var(--hilo-surface-sunken, light-dark(#f4f5f7, #1d2128));
--_text: var(--hilo-text, light-dark(#191d24, #e8eaee));
--_muted: var(--hilo-text-muted, light-dark(#565e6b, #b0b8c4));
--_caution: var(--hilo-caution, light-dark(#8a5300, #f2b84f));
--_focus: var(--hilo-focus, var(--_accent-text));
--_launcher: var(--hilo-launcher-size, 48px);
--_offset: var(--hilo-offset, 20px);
--_z: var(--hilo-z, 1040);
--_accent-text: light-dark(oklch(from var(--_accent) min(l, .5) c h), oklch(from var(--_accent) max(l, .77) c h));
--_edge: light-dark(#7b8492, #7d8899);
--_hover: light-dark(#1e2d500d, #dce6ff12);
--_press: light-dark(#1e2d501a, #dce6ff1f);
--_fs-12: calc(var(--_fs) * .8572); --_lh-12: 16px;
--_fs-14: var(--_fs); --_lh-14: 20px;
--_fs-16: calc(var(--_fs) * 1.1429); --_lh-16: 22px;
--_w: 400; --_w-mid: 500; --_w-bold: 600;
--_shadow-1: 0 0 0 1px light-dark(#191d241a, #ffffff1f), 0 1px 2px light-dark(#191d2414, #00000066), 0 4px 12px light-dark(#191d241f, #00000077);
--_t-press: 80ms; }
@media (prefers-color-scheme: dark) { .hilo { --_tint: 20%; } }
.hilo[data-theme="light"] { color-scheme: light; --_tint: 12%; }
.hilo[data-theme="dark"] { color-scheme: dark; --_tint: 20%; }
@media (prefers-contrast: more) { .hilo { --_muted: light-dark(#363c46, #d3d8e0); --_edge: light-dark(#4a515c, #b4bcc9); --_accent: var(--hilo-accent, light-dark(#123f9f, #b9cfff)); } }
@media (prefers-reduced-motion: reduce) { .hilo { --_t-press: 0ms; } }`

export const modernColours = () => CSS.supports('color', 'light-dark(#fff, #000)') && CSS.supports('color', 'oklch(from #fff l c h)')

/** Before Chrome 123, Safari 17.5, Firefox 128: the light column. */
export function withoutNewColours(css: string): string {
  return css.replace(/light-dark\((#\w+), #\w+\)/g, '$1')
}

export function tokensCss(): string {
  if (modernColours()) return tokens
  return `${withoutNewColours(tokens)}\n.hilo { --_on-accent: var(--hilo-on-accent, #fff); --_accent-text: var(--_accent); }`
}

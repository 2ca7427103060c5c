/** Neither hidden nor transparent, itself or by what it stands in; a browser that cannot tell is believed. */
export function isVisible(element: Element): boolean {
  return element.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) ?? true
}

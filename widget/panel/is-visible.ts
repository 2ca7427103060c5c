/** Neither hidden nor transparent, itself or by what it stands in; a browser that cannot tell is believed. */
export function isVisible(element: Element): boolean {
  return element.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) ?? true
}

/** Else it cannot be scrolled, though its sizes are told: in closed details, or where nothing is displayed. */
export function isDrawn(element: Element): boolean {
  return element.checkVisibility?.({ contentVisibilityAuto: true }) ?? true
}

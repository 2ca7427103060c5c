// Draws a component again when a signal changes that it read while it was drawn, and leaves one alone that is given the
// same props again. By Preact's public hooks only; the whole of @preact/signals would be a kilobyte more.
import { effect } from '@preact/signals-core'
import { type Component, Fragment, options } from 'preact'

interface Watched extends Component {
  unwatch?: () => void
}
type Draw = (this: Watched, props: object, context: unknown) => unknown

const known = new WeakMap<Draw, Draw>()

function differs(this: Watched, next: object): boolean {
  const before = this.props as Record<string, unknown>
  const names = Object.keys(next)
  return names.length !== Object.keys(before).length || names.some((name) => before[name] !== (next as Record<string, unknown>)[name])
}

function watched(draw: Draw): Draw {
  return function (props, context) {
    if (this.unwatch) this.unwatch()
    else {
      this.shouldComponentUpdate = differs
      this.componentWillUnmount = () => this.unwatch?.()
    }
    let drawn: unknown
    let isChange = false
    this.unwatch = effect(() => {
      if (isChange) return void this.forceUpdate()
      isChange = true
      drawn = draw.call(this, props, context)
    })
    return drawn
  }
}

/** Once, before the first drawing. */
export function watchSignals(): void {
  const { vnode: before } = options
  options.vnode = (vnode) => {
    const type = vnode.type as Draw | string
    // A context carries its own rules of drawing.
    if (typeof type === 'function' && vnode.type !== Fragment && !('Provider' in type)) {
      let own = known.get(type)
      if (!own) {
        own = watched(type)
        known.set(type, own)
        // Preact copies nodes that stand in the page already: those have it.
        known.set(own, own)
      }
      vnode.type = own as typeof vnode.type
    }
    before?.(vnode)
  }
}

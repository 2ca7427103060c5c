// Templates have technical names; people read "Avisar vencimiento de cuota", not "avisar_vencimiento_de_cuota".

export function templateTitle(name: string): string {
  const plain = name.replace(/[_-]+/g, ' ').trim()
  return plain.charAt(0).toLocaleUpperCase() + plain.slice(1)
}
